using FalServerless.Protocol.Worker;
using FalServerless.Transport;
using FalServerless.Worker.Functions;

namespace FalServerless.Worker.Calls;

/// <summary>
/// Reads calls. Where a worker runs one at a time, its body begins on the reading thread: a hop to another thread would only cost.
/// </summary>
/// <param name="home">Where the calls come from.</param>
/// <param name="functions">What they call.</param>
/// <param name="calls">Those that have no answer yet.</param>
/// <param name="runner">What runs them.</param>
/// <param name="dataPath">The folder that bodies keep files in.</param>
/// <param name="received">Runs before each frame is dealt with; null for nothing.</param>
internal sealed class CallLoop(
    WorkerConnection home,
    FunctionRunner functions,
    CallTable calls,
    CallRunner runner,
    ProcessState? state,
    string dataPath,
    Action? received
)
{
    private int _running;
    private int _mostRunning;

    public void Run()
    {
        while (home.TryRead(out var header, out var payload))
        {
            received?.Invoke();
            switch (header.Kind)
            {
                case WorkerFrameKind.Claim:
                    Claim(WorkerClaimCodec.Read(payload));
                    break;
                case WorkerFrameKind.Function:
                    functions.Define(WorkerFunctionCodec.Read(payload));
                    break;
                case WorkerFrameKind.Invoke:
                    Open(header.Invocation, payload);
                    break;
                case WorkerFrameKind.Input:
                    Continue(header.Invocation, payload.Span);
                    break;
                default:
                    throw new ProtocolException($"The host sent a frame of kind {header.Kind} to a worker.");
            }
        }
    }

    private void Claim(WorkerClaim claim)
    {
        if (claim.HeapLimit is { } limit)
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)limit);
            GC.RefreshMemoryLimit();
        }

        if (claim.EnvironmentPath is { } path)
        {
            functions.UseEnvironment(path);
        }
    }

    private void Open(Guid invocation, ReadOnlyMemory<byte> frame)
    {
        var invoke = WorkerInvoke.Read(frame, out var size);
        var call = new Call(invocation, invoke, home, dataPath);
        var first = frame[size..];
        calls.Add(call);
        if (first.Length == invoke.PayloadLength && !invoke.IsConcurrent)
        {
            call.Payload.Lend(first);
            runner.Run(call);
            return;
        }

        call.Payload.Append(first.Span);
        BeginWhenWhole(call);
    }

    private void Continue(Guid invocation, ReadOnlySpan<byte> bytes)
    {
        // The rest of what was cancelled may still be on its way.
        if (calls.Find(invocation) is not { } call)
        {
            return;
        }

        call.Payload.Append(bytes);
        if (call.Payload.Length > call.PayloadLength)
        {
            throw new ProtocolException($"The host sent more of a call's payload than the {call.PayloadLength} bytes that it announced.");
        }

        BeginWhenWhole(call);
    }

    private void BeginWhenWhole(Call call)
    {
        if (call.Payload.Length < call.PayloadLength)
        {
            return;
        }

        if (call.IsConcurrent)
        {
            RunOnThePool(call);
        }
        else
        {
            runner.Run(call);
        }
    }

    private void RunOnThePool(Call call)
    {
        // The pool adds threads slowly once bodies block its own: each of the calls that were promised to run at once gets one.
        if (Interlocked.Increment(ref _running) is var running && running > _mostRunning)
        {
            _mostRunning = running;
            ThreadPool.GetMinThreads(out _, out var completionThreads);
            ThreadPool.SetMinThreads(Environment.ProcessorCount + running, completionThreads);
            state?.NoteThreads();
        }

        ThreadPool.UnsafeQueueUserWorkItem(static pair => pair.Loop.RunHere(pair.Call), (Loop: this, Call: call), preferLocal: false);
    }

    private void RunHere(Call call)
    {
        try
        {
            runner.Run(call);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
