using System.Buffers;

namespace FalServerless.Runtime.Calls;

/// <summary>The worker that runs a call, as the call sees it.</summary>
internal interface ICallWorker
{
    /// <summary>Sends the next part of a call's payload.</summary>
    /// <returns>False when the worker is gone.</returns>
    bool TrySendInput(Guid id, in ReadOnlySequence<byte> piece);

    /// <summary>Lets the worker send so many more bytes of the call's events.</summary>
    void Credit(HostCall call, int bytes);
}
