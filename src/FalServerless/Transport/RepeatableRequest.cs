using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>The request of a call. Each time that it is sent again, it says how old the call is.</summary>
internal sealed class RepeatableRequest(InvocationRequest request, TimeProvider time)
{
    private long? _firstSent;

    /// <summary>The request to send now.</summary>
    /// <param name="received">How many events of the call have come.</param>
    public InvocationRequest Next(long received = 0)
    {
        if (_firstSent is not { } sent)
        {
            _firstSent = time.GetTimestamp();
            return request;
        }

        // Rounded up: a host must not take the call for younger than it is.
        return request with
        {
            Age = time.GetElapsedTime(sent) + TimeSpan.FromMilliseconds(1),
            Received = received,
        };
    }
}
