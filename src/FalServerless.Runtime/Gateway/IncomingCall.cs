using System.Buffers;
using System.IO.Pipelines;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// A request for a call as far as it has been read: its head, and a payload that is small enough to be held. A larger one is still in the
/// connection.
/// </summary>
internal readonly struct IncomingCall
{
    private readonly PipeReader _body;
    private readonly SequencePosition _end;

    private IncomingCall(PipeReader body, InvocationRequest request, int payloadLength, SequencePosition end, bool isWhole)
    {
        _body = body;
        _end = end;
        Request = request;
        PayloadLength = payloadLength;
        IsWhole = isWhole;
    }

    /// <summary>Its parts are in the connection's buffer until <see cref="Release"/>.</summary>
    public InvocationRequest Request { get; }

    public int PayloadLength { get; }

    /// <summary>Whether the request has the payload.</summary>
    public bool IsWhole { get; }

    /// <exception cref="ProtocolException">The bytes do not begin a request, or its parts have other lengths than announced.</exception>
    public static async ValueTask<IncomingCall> ReadAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        var length = context.Request.ContentLength;

        // A small request is read whole before it is looked at. The head of another is tried at once, and again whenever twice as much is
        // there.
        var wanted = length <= ProtocolLimits.Chunk ? length.Value : 1;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            var buffer = read.Buffer;
            var isComplete = read.IsCompleted;
            try
            {
                if ((buffer.Length >= wanted || isComplete) && TryRead(body, buffer, isComplete, length, out var call, out wanted))
                {
                    return call;
                }
            }
            catch (ProtocolException)
            {
                body.AdvanceTo(buffer.End);
                throw;
            }

            body.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Gives the buffer back; the body's reader continues after what was read.</summary>
    public void Release() => _body.AdvanceTo(_end);

    private static bool TryRead(
        PipeReader body,
        in ReadOnlySequence<byte> buffer,
        bool isComplete,
        long? length,
        out IncomingCall call,
        out long wanted
    )
    {
        call = default;
        InvocationRequest request;
        long headLength;
        int payloadLength;
        try
        {
            request = InvocationRequestCodec.ReadHead(
                buffer.Length > ProtocolLimits.MaximumHead ? buffer.Slice(0, ProtocolLimits.MaximumHead) : buffer,
                out headLength,
                out payloadLength
            );
        }
        catch (ProtocolException) when (!isComplete && buffer.Length < ProtocolLimits.MaximumHead)
        {
            wanted = Math.Min(2 * buffer.Length, ProtocolLimits.MaximumHead);
            return false;
        }

        wanted = headLength + payloadLength;
        if ((length ?? wanted) != wanted)
        {
            throw new ProtocolException(
                $"An invocation request announces a payload of {payloadLength} bytes, and {length - headLength} follow."
            );
        }

        if (payloadLength > ProtocolLimits.Chunk)
        {
            call = new(body, request, payloadLength, buffer.GetPosition(headLength), isWhole: false);
            return true;
        }

        var there = buffer.Length - headLength;
        if (there > payloadLength || (isComplete && there < payloadLength))
        {
            throw new ProtocolException($"An invocation request announces a payload of {payloadLength} bytes, and {there} follow.");
        }

        if (!isComplete)
        {
            // Nothing may follow, which only the end of the request tells.
            wanted = Math.Max(wanted, buffer.Length + 1);
            return false;
        }

        call = new(body, request with { Payload = buffer.Slice(headLength) }, payloadLength, buffer.End, isWhole: true);
        return true;
    }
}
