using System.Buffers;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Serialization.Values;

namespace FalServerless.Calls;

/// <summary>The inputs of a call and the captured variables as they are now, as bytes.</summary>
internal static class PayloadWriter
{
    /// <param name="function">What is called.</param>
    /// <param name="serializer">Writes them.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="hasPackages">Whether the worker has packages of its own, which it prefers to what the function brings.</param>
    /// <exception cref="CaptureException">One of them cannot be sent, or they are too large together.</exception>
    public static ReadOnlySequence<byte> Write(CapturedFunction function, ValueSerializer serializer, object?[] inputs, bool hasPackages)
    {
        var values = new object?[function.Types.Length];
        inputs.CopyTo(values, 0);
        for (var i = 0; i < function.Captured.Count; i++)
        {
            values[inputs.Length + i] = function.Captured[i].Read();
        }

        var partial = function.This?.PartOf(values[^1], hasPackages);
        var payload = new SegmentedBuffer(ProtocolLimits.MaximumBody);
        try
        {
            serializer.WriteAll(payload, function.Types, values, function.Use, partial);
            return payload.Written;
        }
        catch (NotSendableException e)
        {
            throw CaptureErrors.OfArgument(function, values, hasPackages, e);
        }
        catch (BufferLimitException e)
        {
            throw new CaptureException(
                $"The inputs and captured variables take more than {e.Limit} bytes, which is the most that a call takes. Put large "
                    + $"data into files that the body reads.",
                innerException: e
            );
        }
    }
}
