using System.Buffers;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Serialization;
using FalServerless.Serialization.Messages;
using FalServerless.Serialization.Values;
using FalServerless.Transport;

namespace FalServerless.Worker;

/// <summary>Reads calls and runs each on the reading thread: with one call at a time, a hop to another thread would only cost.</summary>
internal sealed class CallLoop(WorkerConnection home, FunctionRunner functions)
{
    // Results beyond this size get a buffer of their own, so that one large result does not stay in memory for ever.
    private const int LargestKeptBuffer = 1 << 20;

    private ArrayBufferWriter<byte> _result = new();

    public void Run()
    {
        while (home.TryRead(out var header, out var payload))
        {
            switch (header.Kind)
            {
                case WorkerFrameKind.Function:
                    functions.Define(WorkerFunctionCodec.Read(payload));
                    break;
                case WorkerFrameKind.Invoke:
                    Answer(header.Invocation, payload);
                    break;
                default:
                    throw new ProtocolException($"The host sent a frame of kind {header.Kind} to a worker.");
            }
        }
    }

    private void Answer(Guid invocation, ReadOnlyMemory<byte> payload)
    {
        var call = RunningCall.Begin(invocation, home);
        WorkerFrameKind kind;
        try
        {
            kind = Run(payload);
        }
        finally
        {
            call.End();
        }

        home.Write(kind, invocation, _result.WrittenSpan);
        if (_result.Capacity > LargestKeptBuffer)
        {
            _result = new();
        }
    }

    // Leaves what to answer in the result buffer, whichever way the call ends.
    private WorkerFrameKind Run(ReadOnlyMemory<byte> payload)
    {
        _result.ResetWrittenCount();
        try
        {
            var call = functions.Prepare(payload);
            try
            {
                // Writing runs the user's code too: a lazy sequence is made here.
                call.WriteResult(_result, call.Invoke());
                return WorkerFrameKind.Result;
            }
            catch (Exception e) when (e is not CannotTravelException)
            {
                _result.ResetWrittenCount();
                functions.Failures.Write(_result, e);
                return WorkerFrameKind.Failure;
            }
        }
        catch (CannotTravelException e)
        {
            return Refuse(RefusalReason.Capture, CaptureWords.OfResult(e));
        }
        catch (ProtocolException e)
        {
            return Refuse(RefusalReason.Protocol, e.Message);
        }
        catch (Exception e)
        {
            return Refuse(RefusalReason.Host, $"The worker could not run the call: {e}");
        }
    }

    private WorkerFrameKind Refuse(RefusalReason reason, string message)
    {
        _result.ResetWrittenCount();
        _result.Write(RefusalCodec.Write(new() { Reason = reason, Message = message }));
        return WorkerFrameKind.Refusal;
    }
}
