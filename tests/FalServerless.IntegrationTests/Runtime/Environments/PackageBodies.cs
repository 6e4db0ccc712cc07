using System.Diagnostics;
using System.Globalization;
using Humanizer;
using MessagePack;
using Microsoft.Data.Sqlite;
using Polly;

namespace FalServerless.IntegrationTests.Runtime.Environments;

/// <summary>Bodies that use packages which this program compiles against and does not have.</summary>
internal static class PackageBodies
{
    public const string Humanizer = "Humanizer.Core==2.14.1";

    public static readonly string[] Sqlite = ["Microsoft.Data.Sqlite==10.0.14", "SQLitePCLRaw.bundle_e_sqlite3==3.0.3"];

    public static string Words(int number) => number.ToWords(CultureInfo.InvariantCulture);

    public static string GermanWords(int number) => number.ToWords(new CultureInfo("de"));

    /// <summary>A query that only the native library can answer.</summary>
    public static string Query(int rows)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $rows) SELECT sum(i) || ' by ' || "
            + "sqlite_version() FROM n";
        command.Parameters.AddWithValue("$rows", rows);
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>The versions of MessagePack and Polly.Core that a body sees, and what the first makes of two values.</summary>
    public static string[] Pack(string text, int[] numbers) =>
        [
            Version(typeof(MessagePackSerializer)),
            Version(typeof(ResiliencePipeline)),
            Convert.ToHexStringLower(MessagePackSerializer.Serialize((text, numbers))),
        ];

    /// <summary>The files from which the process that answers a query has its assembly and its native library.</summary>
    public static string[] QueryFiles()
    {
        _ = Query(1);
        var native = File.ReadLines("/proc/self/maps")
            .Where(line => line.Contains("e_sqlite3", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]);
        return [typeof(SqliteConnection).Assembly.Location, .. native.Distinct()];
    }

    // A file's version is its package's; an assembly's stays the same over many.
    private static string Version(Type type) => FileVersionInfo.GetVersionInfo(type.Assembly.Location).ProductVersion!.Split('+')[0];
}
