using System.Buffers;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Serialization.Values;
using FalServerless.Worker.Functions;

namespace FalServerless.Worker.Calls;

/// <summary>Turns whatever became of a call into its answer.</summary>
internal sealed class CallAnswers(FailureConverter failures)
{
    private const int LongestQuote = 2000;

    /// <summary>Writing runs the user's code too: a lazy sequence is made here.</summary>
    public Answer OfResult(Call call, in PreparedCall body, object? value)
    {
        var bytes = SegmentedBuffer.Rent();
        try
        {
            body.WriteResult(bytes, value);
            return new(WorkerFrameKind.Result, bytes);
        }
        catch (Exception e)
        {
            bytes.Return();
            return OfException(call, e);
        }
    }

    /// <summary>Of what the body threw, or what writing its result did.</summary>
    public Answer OfException(Call call, Exception error) =>
        error switch
        {
            NotSendableException e => Refuse(RefusalReason.Capture, CaptureErrors.OfResult(e)),
            BufferLimitException e => Refuse(
                RefusalReason.Capture,
                $"The result cannot be sent to the caller: {Lowered(e.Message)} Return it in parts, as an IAsyncEnumerable<T>, or "
                    + $"write it into files."
            ),
            OperationCanceledException when call.IsCancelled => OfCancelled(),
            _ => Fail(call, error),
        };

    /// <summary>Of what went wrong before the body ran.</summary>
    public Answer OfPreparing(Call call, Exception error) =>
        error switch
        {
            ProtocolException { InnerException: BadImageFormatException corrupt } => Fail(call, corrupt),
            ProtocolException e => Refuse(RefusalReason.Protocol, e.Message),
            IOException or BadImageFormatException or TypeLoadException or OutOfMemoryException => Fail(call, error),
            _ => Refuse(RefusalReason.Host, $"The worker could not run the call: {error}"),
        };

    public static Answer OfCancelled() => Refuse(RefusalReason.Cancelled, "The call was cancelled.");

    private Answer Fail(Call call, Exception error)
    {
        var bytes = SegmentedBuffer.Rent();
        try
        {
            LoadFailures.Explain(error);
            MemoryFailures.Explain(error, call.MachineType);
            failures.Write(bytes, error);
            return new(WorkerFrameKind.Failure, bytes);
        }
        catch (BufferLimitException e)
        {
            bytes.Return();
            var message = error.Message;
            return Refuse(
                RefusalReason.Capture,
                $"The body threw an exception that cannot be sent to the caller: {Lowered(e.Message)} It is {error.GetType()}: "
                    + $"{message[..Math.Min(message.Length, LongestQuote)]}"
            );
        }
    }

    private static Answer Refuse(RefusalReason reason, string message)
    {
        var bytes = SegmentedBuffer.Rent();
        bytes.Write(RefusalCodec.Write(new() { Reason = reason, Message = message }));
        return new(WorkerFrameKind.Refusal, bytes);
    }

    private static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];
}
