using System.Globalization;
using FalServerless.Internal;
using FalServerless.Protocol;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace FalServerless.Runtime.Keys;

/// <summary>
/// The keys of a host and what was done with them, in a file of its own that several processes may have open: the host and the command
/// line. Safe for several threads.
/// </summary>
internal sealed class KeyStore : IDisposable
{
    public const string FileName = "keys.db";

    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS keys (
            id TEXT PRIMARY KEY, hash BLOB NOT NULL, name TEXT, scope INTEGER NOT NULL,
            created INTEGER NOT NULL, expires INTEGER, revoked INTEGER, used INTEGER) STRICT;
        CREATE TABLE IF NOT EXISTS audit (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
            target TEXT NOT NULL, outcome TEXT NOT NULL) STRICT;
        """;

    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _version;
    private readonly Lock _lock = new();

    private KeyStore(SqliteConnection connection)
    {
        _connection = connection;
        raw.sqlite3_prepare_v2(connection.Handle, "PRAGMA data_version", out _version);
    }

    /// <summary>
    /// Changes whenever another connection, of whatever process, has changed the file. Costs no more than a look at shared memory.
    /// </summary>
    public long Version
    {
        get
        {
            lock (_lock)
            {
                var result = raw.sqlite3_step(_version);
                var version = raw.sqlite3_column_int64(_version, 0);
                raw.sqlite3_reset(_version);
                return result == raw.SQLITE_ROW
                    ? version
                    : throw new SqliteException($"The keys cannot be read: {raw.sqlite3_errstr(result).utf8_to_string()}.", result);
            }
        }
    }

    /// <summary>Whether the folder has keys.</summary>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, FileName));

    /// <summary>Opens the keys of a state folder, and makes the file, for its owner only, where there is none.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, or is none of this version.</exception>
    public static KeyStore Open(string directory)
    {
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            MakePrivate(path);
        }

        // What is written is there for others only once it is on disk: a key that was revoked stays so after a crash of the machine.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                Mode = SqliteOpenMode.ReadWrite,
                DefaultTimeout = 30,
            }.ToString()
        );
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            if (Number(connection, "PRAGMA user_version") is var version && version > SchemaVersion)
            {
                throw new SqliteException(
                    $"The keys in '{path}' were written by a newer version of fal-serverless (format {version}; this one knows "
                        + $"{SchemaVersion}).",
                    raw.SQLITE_MISMATCH
                );
            }

            if (version < SchemaVersion)
            {
                Execute(connection, $"{Schema} PRAGMA user_version = {SchemaVersion};");
            }

            return new(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public IReadOnlyList<HostKey> List()
    {
        lock (_lock)
        {
            using var command = Command("SELECT id, hash, name, scope, created, expires, revoked, used FROM keys ORDER BY created, id");
            using var reader = command.ExecuteReader();
            var keys = new List<HostKey>();
            while (reader.Read())
            {
                keys.Add(
                    new()
                    {
                        Id = reader.GetString(0),
                        SecretHash = ContentHash.From(reader.GetFieldValue<byte[]>(1)),
                        Name = reader.IsDBNull(2) ? null : reader.GetString(2),
                        Scope = (KeyScope)reader.GetInt32(3),
                        Created = Time(reader.GetInt64(4)),
                        Expires = reader.IsDBNull(5) ? null : Time(reader.GetInt64(5)),
                        Revoked = reader.IsDBNull(6) ? null : Time(reader.GetInt64(6)),
                        LastUsed = reader.IsDBNull(7) ? null : Time(reader.GetInt64(7)),
                    }
                );
            }

            return keys;
        }
    }

    public void Add(HostKey key)
    {
        lock (_lock)
        {
            using var command = Command(
                "INSERT INTO keys (id, hash, name, scope, created, expires) VALUES ($id, $hash, $name, $scope, $created, $expires)",
                ("$id", key.Id),
                ("$hash", key.SecretHash.Bytes.ToArray()),
                ("$name", key.Name),
                ("$scope", (int)key.Scope),
                ("$created", Number(key.Created)),
                ("$expires", Number(key.Expires))
            );
            command.ExecuteNonQuery();
        }
    }

    /// <returns>False when there is no such key, or it is revoked already.</returns>
    public bool Revoke(string id, DateTimeOffset now)
    {
        lock (_lock)
        {
            using var command = Command(
                "UPDATE keys SET revoked = $now WHERE id = $id AND revoked IS NULL",
                ("$id", id),
                ("$now", Number(now))
            );
            return command.ExecuteNonQuery() == 1;
        }
    }

    /// <summary>Notes when keys were used last.</summary>
    public void Touch(IReadOnlyList<(string Id, DateTimeOffset At)> uses)
    {
        lock (_lock)
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var (id, at) in uses)
            {
                using var command = Command(
                    "UPDATE keys SET used = $at WHERE id = $id AND (used IS NULL OR used < $at)",
                    ("$id", id),
                    ("$at", Number(at))
                );
                command.Transaction = transaction;
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    public void Append(AuditEntry entry)
    {
        lock (_lock)
        {
            using var command = Command(
                "INSERT INTO audit (at, who, action, target, outcome) VALUES ($at, $who, $action, $target, $outcome)",
                ("$at", Number(entry.At)),
                ("$who", entry.Who),
                ("$action", entry.Action),
                ("$target", entry.Target),
                ("$outcome", entry.Outcome)
            );
            command.ExecuteNonQuery();
        }
    }

    /// <summary>The latest entries of the audit log, oldest first.</summary>
    public IReadOnlyList<AuditEntry> Audit(int count)
    {
        lock (_lock)
        {
            using var command = Command(
                "SELECT at, who, action, target, outcome FROM audit ORDER BY number DESC LIMIT $count",
                ("$count", count)
            );
            using var reader = command.ExecuteReader();
            var entries = new List<AuditEntry>();
            while (reader.Read())
            {
                entries.Add(
                    new()
                    {
                        At = Time(reader.GetInt64(0)),
                        Who = reader.GetString(1),
                        Action = reader.GetString(2),
                        Target = reader.GetString(3),
                        Outcome = reader.GetString(4),
                    }
                );
            }

            entries.Reverse();
            return entries;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            raw.sqlite3_finalize(_version);
            _connection.Dispose();
        }
    }

    // SQLite gives the files that it makes beside this one the same mode.
    private static void MakePrivate(string path)
    {
        try
        {
            using var file = PrivateFiles.Create(path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it a moment ago.
        }
    }

    private static void Execute(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static object? Number(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long number) => DateTimeOffset.FromUnixTimeMilliseconds(number);

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
