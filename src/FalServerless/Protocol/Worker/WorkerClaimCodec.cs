using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Worker;

/// <summary><c>[heap limit | nil, environment's path | nil]</c>.</summary>
internal static class WorkerClaimCodec
{
    private const int Parts = 2;

    public static byte[] Write(WorkerClaim claim)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        if (claim.HeapLimit is { } limit)
        {
            writer.Write(limit);
        }
        else
        {
            writer.WriteNil();
        }

        writer.Write(claim.EnvironmentPath);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not a claim.</exception>
    public static WorkerClaim Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(new ReadOnlySequence<byte>(bytes));
        MessageParts.CheckCount(reader.ReadArrayHeader(), Parts, "A claim");
        long? limit = reader.TryReadNil() ? null : reader.ReadInt64();
        var path = reader.ReadString();
        MessageParts.CheckEnd(reader, "A claim");
        return limit is null or > 0
            ? new() { HeapLimit = limit, EnvironmentPath = path }
            : throw new ProtocolException($"A claim limits the heap to {limit} bytes.");
    }
}
