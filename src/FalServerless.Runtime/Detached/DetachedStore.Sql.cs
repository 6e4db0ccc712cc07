using System.Buffers;
using FalServerless.Protocol.Http;
using Microsoft.Data.Sqlite;

namespace FalServerless.Runtime.Detached;

// How the store speaks with SQLite.
internal sealed partial class DetachedStore
{
    // What is long stands last: rows are read without it.
    private const string Schema = """
        CREATE TABLE calls (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id BLOB NOT NULL UNIQUE,
            owner TEXT NOT NULL,
            state INTEGER NOT NULL,
            scheduled INTEGER NOT NULL,
            payload_length INTEGER NOT NULL,
            payload_file TEXT,
            created INTEGER NOT NULL,
            started INTEGER,
            ended INTEGER,
            attempts INTEGER NOT NULL,
            event_count INTEGER NOT NULL,
            file_length INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            error TEXT,
            head BLOB NOT NULL,
            payload BLOB,
            tail BLOB);
        CREATE INDEX calls_waiting ON calls (state, scheduled, number);
        CREATE INDEX calls_ended ON calls (ended) WHERE ended IS NOT NULL;
        CREATE TABLE forgotten (until INTEGER NOT NULL);
        INSERT INTO forgotten VALUES (0);
        PRAGMA user_version = 1;
        """;

    private const string Columns =
        "head, owner, state, payload_length, payload_file, created, started, ended, attempts, event_count, file_length, error, bytes";

    private static byte[] Head(DetachedCall call)
    {
        var head = new ArrayBufferWriter<byte>();
        InvocationRequestCodec.WriteHead(
            head,
            call.Request with
            {
                Manifest = default,
                Payload = default,
                Age = null,
                Received = 0,
            },
            call.PayloadLength
        );
        return head.WrittenSpan.ToArray();
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private static List<DetachedCall> Select(
        SqliteConnection connection,
        string condition,
        params (string Name, object? Value)[] parameters
    )
    {
        using var command = Command(connection, $"SELECT {Columns} FROM calls {condition}", parameters);
        using var reader = command.ExecuteReader();
        var calls = new List<DetachedCall>();
        while (reader.Read())
        {
            calls.Add(Read(reader));
        }

        return calls;
    }

    private static IEnumerable<(DetachedCall Call, long Bytes)> Ended(SqliteConnection connection)
    {
        using var command = Command(connection, $"SELECT {Columns} FROM calls WHERE ended IS NOT NULL ORDER BY ended");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return (Read(reader), reader.GetInt64(12));
        }
    }

    private static DetachedCall Read(SqliteDataReader reader) =>
        new()
        {
            Request = InvocationRequestCodec.ReadHead(new(reader.GetFieldValue<byte[]>(0)), out _, out _),
            Owner = reader.GetString(1),
            Status = (InvocationStatus)reader.GetInt32(2),
            PayloadLength = reader.GetInt32(3),
            PayloadFile = reader.IsDBNull(4) ? null : reader.GetString(4),
            Created = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)),
            Started = Time(reader, 6),
            Ended = Time(reader, 7),
            Attempts = reader.GetInt32(8),
            Events = reader.GetInt64(9),
            FileLength = reader.GetInt64(10),
            Error = reader.IsDBNull(11) ? null : reader.GetString(11),
        };

    private static DateTimeOffset? Time(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private static long Number(SqliteConnection connection, string text)
    {
        using var command = Command(connection, text);
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        return connection;
    }

    private void Prepare(string path)
    {
        // A commit is on the disk when it returns.
        using (var command = Command(_connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"))
        {
            command.ExecuteNonQuery();
        }

        switch (Number(_connection, "PRAGMA user_version"))
        {
            case 0:
                using (var transaction = _connection.BeginTransaction())
                {
                    using var create = Command(_connection, Schema);
                    create.ExecuteNonQuery();
                    transaction.Commit();
                }

                break;
            case Version:
                break;
            case var version:
                throw new DetachedStoreException(
                    $"The store of detached calls '{path}' has version {version}, and this host knows version {Version}. Start the "
                        + $"host that made it, or a later one."
                );
        }
    }

    private void Count()
    {
        _calls = Number(_connection, "SELECT count(*) FROM calls");
        using (var command = Command(_connection, "SELECT owner, count(*) FROM calls WHERE ended IS NULL GROUP BY owner"))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                CountOpen(reader.GetString(0), reader.GetInt32(1));
            }
        }

        _bytes = Number(_connection, "SELECT sum(bytes) FROM calls");
        _forgotten = Number(_connection, "SELECT until FROM forgotten");
    }

    private void CountOpen(string owner, int change)
    {
        Interlocked.Add(ref _open, change);
        if (_openOf.AddOrUpdate(owner, change, (_, open) => open + change) == 0)
        {
            _openOf.TryRemove(new(owner, 0));
        }
    }
}
