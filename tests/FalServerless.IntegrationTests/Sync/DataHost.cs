using FalServerless.Hosts;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Sync;

/// <summary>A host with a <c>/data</c> of its own, and a local folder to upload.</summary>
internal sealed class DataHost : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Each file is younger than the one before: what has the same size and the same time is taken for unchanged.
    private long _written;

    // What uploads remember of local folders goes with this process.
    static DataHost()
    {
        var cache = Directory.CreateTempSubdirectory("fal.test").FullName;
        Environment.SetEnvironmentVariable("FAL_CACHE", cache);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(cache, recursive: true);
    }

    public DataHost(params (string Name, string Value)[] settings)
    {
        Local = Directory.CreateDirectory(_folder.File("local")).FullName;
        Host = new(settings.Append(("FAL_DATA", Data)).ToDictionary(setting => setting.Item1, setting => setting.Item2));
        Options = new() { Host = Host };
    }

    public LocalHost Host { get; }

    public SyncOptions Options { get; }

    public string Local { get; }

    /// <summary>Where the host keeps the data.</summary>
    public string Data => _folder.File("data");

    /// <summary>What bodies find at <c>/data</c>.</summary>
    public string Files => Path.Combine(Data, "files");

    public string File(string name) => _folder.File(name);

    /// <summary>Writes a local file that is old enough for its hash to be kept.</summary>
    public void Write(string path, string text)
    {
        var full = Path.Combine(Local, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllText(full, text);
        System.IO.File.SetLastWriteTimeUtc(
            full,
            new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1_234_567 + (++_written * TimeSpan.TicksPerSecond))
        );
    }

    public void Dispose()
    {
        Host.Dispose();
        _folder.Dispose();
    }
}
