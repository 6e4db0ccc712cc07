namespace FalServerless.Runtime.Keys;

/// <summary>
/// How often somebody has failed of late: each may a number of times at once, and gains one more in each step of time. What is remembered
/// is bounded; then the longest silent ones are forgotten. Safe for several threads.
/// </summary>
/// <param name="count">How many failures are free.</param>
/// <param name="window">In how long all of them are free again.</param>
/// <param name="time">The clock.</param>
/// <param name="capacity">How many are remembered.</param>
internal sealed class FailedAttempts<T>(int count, TimeSpan window, TimeProvider time, int capacity = 10_000)
    where T : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<T, LinkedListNode<Bucket>> _buckets = [];
    private readonly LinkedList<Bucket> _byTime = new();
    private volatile int _remembered;

    /// <summary>Whether there were no failed attempts at all: the usual case, in which nothing has to be looked up.</summary>
    public bool IsEmpty => _remembered == 0;

    /// <summary>How many are remembered.</summary>
    public int Remembered => _remembered;

    /// <summary>How long until the next attempt is allowed; null when it is now.</summary>
    public TimeSpan? Wait(T who)
    {
        if (IsEmpty)
        {
            return null;
        }

        lock (_lock)
        {
            if (!_buckets.TryGetValue(who, out var node))
            {
                return null;
            }

            var left = Left(node.Value);
            return left >= 1 ? null : (1 - left) * (window / count);
        }
    }

    /// <summary>Notes a failure.</summary>
    /// <returns>Whether it was the last that is free.</returns>
    public bool Note(T who)
    {
        lock (_lock)
        {
            var left = (double)count;
            if (_buckets.TryGetValue(who, out var node))
            {
                left = Left(node.Value);
                _byTime.Remove(node);
            }

            Forget(_buckets.Count - (node is null ? capacity - 1 : capacity));
            _buckets[who] = _byTime.AddLast(new Bucket(who, Math.Max(0, left - 1), time.GetTimestamp()));
            _remembered = _buckets.Count;
            return left is >= 1 and < 2;
        }
    }

    private double Left(Bucket bucket) => Math.Min(count, bucket.Left + (time.GetElapsedTime(bucket.At) / window * count));

    // Those whose failures are all free again, and as many as there are too many.
    private void Forget(int tooMany)
    {
        while (_byTime.First is { } oldest && (tooMany-- > 0 || time.GetElapsedTime(oldest.Value.At) > window))
        {
            _byTime.RemoveFirst();
            _buckets.Remove(oldest.Value.Who);
        }
    }

    private readonly record struct Bucket(T Who, double Left, long At);
}
