using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>
/// <c>[version, id, function, manifest | nil, environment, name | nil, age ms | nil, received, retries | nil,
/// cultures | nil, payload]</c>, where environment is
/// <c>[machine type, keep-alive ms, timeout ms | nil, [requirement…], min workers, max workers | nil, calls per worker, recycle after calls
/// | nil, recycle above bytes | nil, cancellation grace ms]</c>.
/// The payload comes last, so that it can be passed on while it is still being received.
/// </summary>
internal static class InvocationRequestCodec
{
    private const int Parts = 11;
    private const int PartsWithoutCultures = 10;
    private const int VersionWithoutCultures = 1;
    private const int EnvironmentParts = 10;

    public static void Write(IBufferWriter<byte> output, InvocationRequest request)
    {
        WriteHead(output, request, request.Payload.Length);
        foreach (var segment in request.Payload)
        {
            output.Write(segment.Span);
        }
    }

    /// <summary>Writes everything before the payload's bytes.</summary>
    public static void WriteHead(IBufferWriter<byte> output, InvocationRequest request, long payloadLength)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(ProtocolVersion.Current);
        MessageParts.WriteGuid(ref writer, request.Id);
        MessageParts.WriteHash(ref writer, request.Function);
        if (request.Manifest.IsEmpty)
        {
            writer.WriteNil();
        }
        else
        {
            writer.Write(request.Manifest);
        }

        WriteEnvironment(ref writer, request.Options);
        writer.Write(request.Name);
        MessageParts.WriteMilliseconds(ref writer, request.Age);
        writer.Write(request.Received);
        WriteOptional(ref writer, request.Retries);
        if (request.Cultures.IsEmpty)
        {
            writer.WriteNil();
        }
        else
        {
            writer.Write(request.Cultures.Span);
        }

        writer.WriteBinHeader(checked((int)payloadLength));
        writer.Flush();
    }

    /// <summary>Reads a whole request.</summary>
    /// <exception cref="ProtocolException">The bytes are not a request of this protocol version.</exception>
    public static InvocationRequest Read(in ReadOnlySequence<byte> bytes)
    {
        var request = ReadHead(bytes, out var headLength, out var payloadLength);
        var payload = bytes.Slice(headLength);
        return payload.Length == payloadLength
            ? request with
            {
                Payload = payload,
            }
            : throw new ProtocolException(
                $"An invocation request announces a payload of {payloadLength} bytes, and {payload.Length} follow."
            );
    }

    /// <summary>Reads everything before the payload's bytes, which need not be there yet.</summary>
    /// <exception cref="ProtocolException">The bytes do not begin a request of this protocol version, or end before its
    /// payload.</exception>
    public static InvocationRequest ReadHead(in ReadOnlySequence<byte> bytes, out long headLength, out int payloadLength)
    {
        var reader = new MessagePackReader(bytes);
        var parts = reader.ReadArrayHeader();
        var version = parts > 0 ? reader.ReadInt32() : 0;

        // A detached call that an earlier host has kept.
        var hasCultures = version != VersionWithoutCultures || parts != PartsWithoutCultures;
        if (hasCultures)
        {
            ProtocolVersion.Check(version, "The client");
            MessageParts.CheckCount(parts, Parts, "An invocation request");
        }

        var request = new InvocationRequest
        {
            Id = MessageParts.ReadGuid(ref reader),
            Function = MessageParts.ReadHash(ref reader),
            Manifest = reader.ReadBytes() ?? default,
            Options = ReadEnvironment(ref reader),
            Name = reader.ReadString(),
            Age = MessageParts.ReadMilliseconds(ref reader),
            Received = ReadReceived(ref reader),
            Retries = reader.TryReadNil() ? null : ReadRetries(ref reader),
            Cultures = hasCultures ? ReadCultures(ref reader) : default,
            Payload = default,
        };
        payloadLength = reader.ReadBinHeader();
        headLength = reader.Consumed;
        return payloadLength <= ProtocolLimits.MaximumBody
            ? request
            : throw new ProtocolException(
                $"An invocation request announces a payload of {payloadLength} bytes; the limit is {ProtocolLimits.MaximumBody}."
            );
    }

    private static void WriteEnvironment(ref MessagePackWriter writer, CallOptions environment)
    {
        writer.WriteArrayHeader(EnvironmentParts);
        writer.Write(environment.MachineType);
        MessageParts.WriteMilliseconds(ref writer, environment.KeepAlive);
        MessageParts.WriteMilliseconds(ref writer, environment.Timeout);
        writer.WriteArrayHeader(environment.Requirements.Count);
        foreach (var requirement in environment.Requirements)
        {
            writer.Write(requirement);
        }

        writer.Write(environment.MinWorkers);
        WriteOptional(ref writer, environment.MaxWorkers);
        writer.Write(environment.CallsPerWorker);
        WriteOptional(ref writer, environment.RecycleAfterCalls);
        WriteOptional(ref writer, environment.RecycleAboveBytes);
        MessageParts.WriteMilliseconds(ref writer, environment.CancellationGrace);
    }

    private static CallOptions ReadEnvironment(ref MessagePackReader reader)
    {
        MessageParts.CheckCount(reader.ReadArrayHeader(), EnvironmentParts, "The environment of a request");
        return new()
        {
            MachineType = reader.ReadString() ?? throw new ProtocolException("The environment of a request names no machine type."),
            KeepAlive =
                MessageParts.ReadMilliseconds(ref reader) ?? throw new ProtocolException("The environment of a request has no keep-alive."),
            Timeout = MessageParts.ReadMilliseconds(ref reader),
            Requirements = MessageParts.ReadRequirements(ref reader),
            MinWorkers = reader.ReadUInt16(),
            MaxWorkers = reader.TryReadNil() ? null : ReadCount(ref reader, "workers"),
            CallsPerWorker = ReadCount(ref reader, "calls on a worker"),
            RecycleAfterCalls = reader.TryReadNil() ? null : checked((int)ReadPositive(ref reader, int.MaxValue)),
            RecycleAboveBytes = reader.TryReadNil() ? null : ReadPositive(ref reader, long.MaxValue),
            CancellationGrace = MessageParts.ReadMilliseconds(ref reader) ?? TimeSpan.Zero,
        };
    }

    private static void WriteOptional(ref MessagePackWriter writer, long? value)
    {
        if (value is { } number)
        {
            writer.Write(number);
        }
        else
        {
            writer.WriteNil();
        }
    }

    private static long ReadPositive(ref MessagePackReader reader, long maximum) =>
        reader.ReadInt64() is > 0 and var value && value <= maximum
            ? value
            : throw new ProtocolException($"A request recycles its workers at a number that is not between 1 and {maximum}.");

    private static int ReadCount(ref MessagePackReader reader, string what) =>
        reader.ReadUInt16() is > 0 and var count ? count : throw new ProtocolException($"A request that may have no {what} can never run.");

    private static ReadOnlyMemory<byte> ReadCultures(ref MessagePackReader reader) =>
        reader.ReadBytes() is not { } bytes ? default
        : bytes.Length is > 0 and <= ProtocolLimits.MaximumCultures ? bytes.ToArray()
        : throw new ProtocolException($"The cultures of a call take 1 to {ProtocolLimits.MaximumCultures} bytes, not {bytes.Length}.");

    private static int ReadRetries(ref MessagePackReader reader) =>
        reader.ReadInt64() is >= 0 and <= ProtocolLimits.MaximumRetries and var retries
            ? (int)retries
            : throw new ProtocolException($"A detached call may be run again up to {ProtocolLimits.MaximumRetries} times.");

    private static long ReadReceived(ref MessagePackReader reader) =>
        reader.ReadInt64() is >= 0 and var received
            ? received
            : throw new ProtocolException("A request cannot have received fewer than no events.");
}
