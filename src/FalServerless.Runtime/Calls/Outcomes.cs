using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Calls;

/// <summary>
/// Remembers calls that are over, for callers whose connection broke before they received the end. The memory is bounded in time, count and
/// bytes, and knows how far back it reaches. Not safe for several threads.
/// </summary>
internal sealed class Outcomes(TimeProvider time)
{
    /// <summary>The longest outcome that is kept: one piece of a value, which small results are.</summary>
    public const int LongestEvents = ProtocolLimits.Chunk + EventHeader.Size;

    private const int MaximumCount = 10_000;
    private const int MaximumBytes = 16 << 20;

    /// <summary>A client that cannot reach its host has given up by then.</summary>
    private static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(30);

    // A repetition is older than it says by the time that it was on its way.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, Outcome> _outcomes = [];
    private readonly Queue<Outcome> _byEnd = new();
    private readonly long _start = time.GetTimestamp();
    private long? _forgotten;
    private long _bytes;

    public int Count => _byEnd.Count;

    public Outcome? Find(Guid id) => _outcomes.GetValueOrDefault(id);

    /// <summary>Whether a call that was first sent so long ago would still be known if it had come.</summary>
    public bool ReachBack(TimeSpan age) =>
        _forgotten is { } forgotten ? time.GetElapsedTime(forgotten) > age + OnTheWay : time.GetElapsedTime(_start) > age;

    public void Add(Outcome outcome)
    {
        _outcomes[outcome.Id] = outcome;
        _byEnd.Enqueue(outcome);
        _bytes += outcome.Events.Length;
        Sweep();
    }

    /// <summary>The id is in use again.</summary>
    public void Remove(Guid id) => _outcomes.Remove(id);

    /// <summary>Forgets what is too old or too much.</summary>
    public void Sweep()
    {
        while (
            _byEnd.TryPeek(out var oldest)
            && (_byEnd.Count > MaximumCount || _bytes > MaximumBytes || time.GetElapsedTime(oldest.EndedAt) > MaximumAge)
        )
        {
            _byEnd.Dequeue();
            _bytes -= oldest.Events.Length;

            // Another outcome may have come in its place.
            if (_outcomes.TryGetValue(oldest.Id, out var known) && known == oldest)
            {
                _outcomes.Remove(oldest.Id);
            }

            _forgotten = oldest.EndedAt;
        }
    }
}
