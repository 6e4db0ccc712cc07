using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Calls;

/// <summary>What is remembered of a call that is over.</summary>
/// <param name="Id">The call's.</param>
/// <param name="IsOpen">Whether nothing of the call has run nor will, and a request with its id is a call like any other.</param>
/// <param name="First">The number of the first event that is still here.</param>
/// <param name="Events">The last events, as they are in a response.</param>
internal sealed record Outcome(Guid Id, bool IsOpen, long First, ReadOnlyMemory<byte> Events)
{
    /// <summary>Whether the call was cancelled before it came.</summary>
    public bool WasCancelledBeforeArrival { get; init; }

    /// <summary>The key that the call was made with, or foretold by; null where it is an admin who foretold it.</summary>
    public string? Owner { get; init; }

    /// <summary>When the call was over, by the clock of its host.</summary>
    public required long EndedAt { get; init; }

    /// <summary>The events behind so many.</summary>
    /// <returns>False when some of them are no longer here.</returns>
    public bool TryGetEvents(long received, out ReadOnlyMemory<byte> events)
    {
        events = Events;
        for (var number = First; number < received && !events.IsEmpty; number++)
        {
            events = events[(EventHeader.Size + EventHeader.Read(events.Span).PayloadLength)..];
        }

        return received >= First && !events.IsEmpty;
    }
}
