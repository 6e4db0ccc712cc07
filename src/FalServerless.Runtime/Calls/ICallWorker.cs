using System.Buffers;

namespace FalServerless.Runtime.Calls;

/// <summary>The worker that runs a call, as the call sees it.</summary>
internal interface ICallWorker
{
    /// <summary>Sends the next part of a call's payload. Completes when there is room for more.</summary>
    /// <returns>False when the worker is gone.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited for room.</exception>
    ValueTask<bool> TrySendInputAsync(Guid id, ReadOnlySequence<byte> piece, CancellationToken cancellationToken);

    /// <summary>Lets the worker send so many more bytes of the call's events.</summary>
    void Credit(HostCall call, int bytes);
}
