using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace FalServerless.Runtime.Detached;

/// <summary>
/// The detached calls of a host, in SQLite. What it was told is on the disk when it says so. Its number of calls and bytes are known
/// without looking.
/// </summary>
internal sealed partial class DetachedStore : IDisposable
{
    private const int Version = 1;

    private readonly string _connectionString;
    private readonly SqliteConnection _connection;
    private readonly StoreWriter _writer;
    private readonly ConcurrentDictionary<string, int> _openOf = new();
    private long _forgotten;
    private long _calls;
    private long _open;
    private long _bytes;

    /// <param name="directory">The store's folder; it is made.</param>
    /// <exception cref="DetachedStoreException">The store is damaged, or of a later version.</exception>
    public DetachedStore(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, DatabaseName);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ConnectionString;
        try
        {
            _connection = Open();
            Prepare(path);
            Count();
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException)
        {
            _connection?.Dispose();
            SqliteConnection.ClearAllPools();
            throw new DetachedStoreException(
                $"The store of detached calls '{path}' is damaged, or no such store: {e.Message} Put a copy of it back, or move the "
                    + $"folder '{directory}' away: then the host starts without the calls that it keeps.",
                e
            );
        }
        catch
        {
            _connection?.Dispose();
            throw;
        }

        _writer = new StoreWriter(_connection);
    }

    /// <summary>The database in the store's folder.</summary>
    public const string DatabaseName = "detached.db";

    /// <summary>How many calls there are.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>How many of them have not ended.</summary>
    public long OpenCalls => Interlocked.Read(ref _open);

    /// <summary>How many of a key's have not ended.</summary>
    public int OpenCallsOf(string owner) => _openOf.GetValueOrDefault(owner);

    /// <summary>How many bytes they take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether a call that was taken in then would still be known.</summary>
    public bool ReachesBack(DateTimeOffset time) => time.ToUnixTimeMilliseconds() > Interlocked.Read(ref _forgotten);

    /// <summary>Takes a call in.</summary>
    /// <param name="call">The call.</param>
    /// <param name="payload">Its payload, where that is in no file.</param>
    /// <param name="isScheduled">Whether the scheduler gets it at once.</param>
    /// <param name="written">Called when it is on the disk.</param>
    /// <returns>False when there is a call with that id.</returns>
    public Task<bool> AddAsync(DetachedCall call, ReadOnlyMemory<byte> payload, bool isScheduled, Action written)
    {
        var head = Head(call);
        var bytes = head.Length + call.PayloadLength;
        return _writer.ChangeAsync(
            connection =>
            {
                using var command = Command(
                    connection,
                    """
                    INSERT OR IGNORE INTO calls (id, owner, state, scheduled, head, payload_length, payload_file, created, attempts,
                        event_count, file_length, bytes, payload)
                    VALUES ($id, $owner, $state, $scheduled, $head, $length, $file, $created, 0, 0, 0, $bytes, $payload)
                    """,
                    ("$id", call.Id.ToByteArray()),
                    ("$owner", call.Owner),
                    ("$state", (int)call.Status),
                    ("$scheduled", isScheduled),
                    ("$head", head),
                    ("$length", call.PayloadLength),
                    ("$file", call.PayloadFile),
                    ("$created", call.Created.ToUnixTimeMilliseconds()),
                    ("$bytes", bytes),
                    ("$payload", call.PayloadFile is null ? payload.ToArray() : null)
                );
                return command.ExecuteNonQuery() > 0;
            },
            added =>
            {
                if (added)
                {
                    Interlocked.Increment(ref _calls);
                    CountOpen(call.Owner, 1);
                    Interlocked.Add(ref _bytes, bytes);
                    written();
                }
            }
        );
    }

    /// <summary>Hands the next calls to the scheduler, in the order in which they came.</summary>
    public Task<List<DetachedCall>> ScheduleAsync(int count, Action<List<DetachedCall>> written) =>
        _writer.ChangeAsync(
            connection =>
            {
                var calls = Select(
                    connection,
                    "WHERE state = $state AND scheduled = 0 ORDER BY number LIMIT $count",
                    ("$state", (int)InvocationStatus.Queued),
                    ("$count", count)
                );
                foreach (var call in calls)
                {
                    using var command = Command(
                        connection,
                        "UPDATE calls SET scheduled = 1 WHERE id = $id",
                        ("$id", call.Id.ToByteArray())
                    );
                    command.ExecuteNonQuery();
                }

                return calls;
            },
            written
        );

    /// <summary>Notes that a worker is about to get the call.</summary>
    /// <returns>The payload, where that is in no file.</returns>
    public Task<byte[]> StartAsync(Guid id, int attempt, DateTimeOffset now) =>
        _writer.ChangeAsync(connection =>
        {
            using var command = Command(
                connection,
                "UPDATE calls SET state = $state, attempts = $attempts, started = $now WHERE id = $id RETURNING payload",
                ("$state", (int)InvocationStatus.Running),
                ("$attempts", attempt),
                ("$now", now.ToUnixTimeMilliseconds()),
                ("$id", id.ToByteArray())
            );
            return command.ExecuteScalar() as byte[] ?? [];
        });

    /// <summary>Notes that the call is to be run again.</summary>
    public Task RequeueAsync(Guid id, long fileLength, long events) =>
        _writer.ChangeAsync(connection =>
        {
            using var command = Command(
                connection,
                "UPDATE calls SET state = $state, file_length = $length, event_count = $events WHERE id = $id",
                ("$state", (int)InvocationStatus.Queued),
                ("$length", fileLength),
                ("$events", events),
                ("$id", id.ToByteArray())
            );
            return command.ExecuteNonQuery();
        });

    /// <summary>Notes how a call ended. Its payload goes.</summary>
    public Task EndAsync(DetachedCall call, CallEnd end, long fileLength, long fileEvents, DateTimeOffset now) =>
        EndAsync(call, end, fileLength, fileEvents, now, onlyWaiting: false);

    /// <summary>Ends a call that the scheduler does not have.</summary>
    /// <returns>False when it has it, or the call has ended.</returns>
    public Task<bool> EndWaitingAsync(DetachedCall call, CallEnd end, DateTimeOffset now) =>
        EndAsync(call, end, call.FileLength, call.Events, now, onlyWaiting: true);

    /// <summary>
    /// Removes calls that have ended: those from before that time, then the oldest until there are no more than so many that take no more
    /// than so many bytes.
    /// </summary>
    public Task<List<DetachedCall>> RemoveAsync(DateTimeOffset endedBefore, int maximumCalls, long maximumBytes) =>
        _writer
            .ChangeAsync(
                connection =>
                {
                    var (calls, bytes) = (Calls, Bytes);
                    var removed = new List<DetachedCall>();
                    foreach (var (call, size) in Ended(connection))
                    {
                        if (call.Ended >= endedBefore && calls <= maximumCalls && bytes <= maximumBytes)
                        {
                            break;
                        }

                        using var command = Command(connection, "DELETE FROM calls WHERE id = $id", ("$id", call.Id.ToByteArray()));
                        command.ExecuteNonQuery();
                        (calls, bytes) = (calls - 1, bytes - size);
                        removed.Add(call);
                    }

                    if (removed.Count > 0)
                    {
                        using var command = Command(
                            connection,
                            "UPDATE forgotten SET until = max(until, $until)",
                            ("$until", removed.Max(call => call.Created.ToUnixTimeMilliseconds()))
                        );
                        command.ExecuteNonQuery();
                    }

                    return (removed, bytes: Bytes - bytes);
                },
                result =>
                {
                    Interlocked.Add(ref _calls, -result.removed.Count);
                    Interlocked.Add(ref _bytes, -result.bytes);
                    foreach (var call in result.removed)
                    {
                        Interlocked.Exchange(
                            ref _forgotten,
                            Math.Max(Interlocked.Read(ref _forgotten), call.Created.ToUnixTimeMilliseconds())
                        );
                    }
                }
            )
            .ContinueWith(
                static done => done.GetAwaiter().GetResult().removed,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );

    /// <summary>At the start: no scheduler has any call yet.</summary>
    public Task UnscheduleAsync() =>
        _writer.ChangeAsync(connection =>
        {
            using var command = Command(connection, "UPDATE calls SET scheduled = 0 WHERE scheduled <> 0");
            return command.ExecuteNonQuery();
        });

    public DetachedCall? Find(Guid id)
    {
        using var connection = Open();
        return Select(connection, "WHERE id = $id", ("$id", id.ToByteArray())).FirstOrDefault();
    }

    /// <summary>In the order in which they came.</summary>
    /// <param name="owner">Whose; null is everybody's.</param>
    public List<DetachedCall> List(string? owner)
    {
        using var connection = Open();
        return owner is null
            ? Select(connection, "ORDER BY number")
            : Select(connection, "WHERE owner = $owner ORDER BY number", ("$owner", owner));
    }

    /// <summary>The last events of a call that has ended.</summary>
    public ReadOnlyMemory<byte>? Tail(Guid id)
    {
        using var connection = Open();
        using var command = Command(connection, "SELECT tail FROM calls WHERE id = $id", ("$id", id.ToByteArray()));
        return command.ExecuteScalar() is byte[] tail ? tail : default(ReadOnlyMemory<byte>?);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _connection.Dispose();
        SqliteConnection.ClearPool(new(_connectionString));
    }

    private Task<bool> EndAsync(DetachedCall call, CallEnd end, long fileLength, long fileEvents, DateTimeOffset now, bool onlyWaiting)
    {
        var bytes = Head(call).Length + fileLength + end.Tail.Length;
        return _writer
            .ChangeAsync(
                connection =>
                {
                    long before;
                    using (
                        var command = Command(
                            connection,
                            "SELECT bytes FROM calls WHERE id = $id AND state IN ($queued, $running) AND (scheduled = 0 OR $any)",
                            ("$id", call.Id.ToByteArray()),
                            ("$queued", (int)InvocationStatus.Queued),
                            ("$running", (int)InvocationStatus.Running),
                            ("$any", !onlyWaiting)
                        )
                    )
                    {
                        if (command.ExecuteScalar() is not long size)
                        {
                            return (HasEnded: false, Bytes: 0L);
                        }

                        before = size;
                    }

                    using var update = Command(
                        connection,
                        """
                        UPDATE calls SET state = $state, ended = $now, event_count = $events, file_length = $length, error = $error,
                            bytes = $bytes, payload = NULL, payload_file = NULL, tail = $tail
                        WHERE id = $id
                        """,
                        ("$state", (int)end.Status),
                        ("$now", now.ToUnixTimeMilliseconds()),
                        ("$events", fileEvents + end.TailEvents),
                        ("$length", fileLength),
                        ("$error", end.Refusal?.Message),
                        ("$bytes", bytes),
                        ("$tail", end.Tail.ToArray()),
                        ("$id", call.Id.ToByteArray())
                    );
                    update.ExecuteNonQuery();
                    return (HasEnded: true, Bytes: bytes - before);
                },
                result =>
                {
                    if (result.HasEnded)
                    {
                        CountOpen(call.Owner, -1);
                        Interlocked.Add(ref _bytes, result.Bytes);
                    }
                }
            )
            .ContinueWith(
                static done => done.GetAwaiter().GetResult().HasEnded,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
    }
}
