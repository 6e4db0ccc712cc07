using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace FalServerless.Runtime.Detached;

/// <summary>
/// The one thread that changes the store. What waits while a transaction is written to the disk goes together into the next one, so that
/// many changes at once cost one wait for the disk, and each is on the disk when its task completes.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private const int MaximumBatch = 512;

    private readonly SqliteConnection _connection;
    private readonly BlockingCollection<Change> _changes = [];
    private readonly Thread _thread;

    public StoreWriter(SqliteConnection connection)
    {
        _connection = connection;
        _thread = new Thread(Run) { IsBackground = true, Name = "detached calls" };
        _thread.Start();
    }

    /// <param name="change">Done on the writing thread; must not fail for anything but the store.</param>
    /// <param name="written">Done on the writing thread once the change is on the disk, before any later change.</param>
    /// <exception cref="SqliteException">The disk is full, or failed; nothing has changed.</exception>
    public Task<T> ChangeAsync<T>(Func<SqliteConnection, T> change, Action<T>? written = null)
    {
        var added = new Change<T>(change, written);
        try
        {
            _changes.Add(added);
        }
        catch (InvalidOperationException)
        {
            return Task.FromException<T>(new OperationCanceledException("The host is shutting down."));
        }

        return added.Done;
    }

    /// <summary>Writes what is waiting, and ends.</summary>
    public void Dispose()
    {
        _changes.CompleteAdding();
        _thread.Join();
        _changes.Dispose();
    }

    private void Run()
    {
        var batch = new List<Change>();
        while (_changes.TryTake(out var first, Timeout.Infinite))
        {
            batch.Add(first);
            while (batch.Count < MaximumBatch && _changes.TryTake(out var next))
            {
                batch.Add(next);
            }

            Write(batch);
            batch.Clear();
        }
    }

    private void Write(List<Change> batch)
    {
        try
        {
            using var transaction = _connection.BeginTransaction();
            batch.ForEach(change => change.Do(_connection));
            transaction.Commit();
        }
        catch (Exception e)
        {
            batch.ForEach(change => change.Fail(e));
            return;
        }

        batch.ForEach(change => change.Written());
    }

    private abstract class Change
    {
        public abstract void Do(SqliteConnection connection);

        public abstract void Written();

        public abstract void Fail(Exception exception);
    }

    private sealed class Change<T>(Func<SqliteConnection, T> change, Action<T>? written) : Change
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Done => _done.Task;

        public override void Do(SqliteConnection connection) => _result = change(connection);

        public override void Written()
        {
            written?.Invoke(_result);
            _done.SetResult(_result);
        }

        public override void Fail(Exception exception) => _done.SetException(exception);
    }
}
