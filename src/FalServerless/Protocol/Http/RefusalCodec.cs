using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>
/// <c>[version, reason, message, exit code | nil, [missing content…], cause | nil, [last line…], requirement | nil, data path | nil, limit
/// | nil, credentials fault | nil]</c>.
/// </summary>
internal static class RefusalCodec
{
    private const int Parts = 11;

    public static byte[] Write(Refusal refusal)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(ProtocolVersion.Current);
        writer.Write((int)refusal.Reason);
        writer.Write(refusal.Message);
        if (refusal.ExitCode is { } exitCode)
        {
            writer.Write(exitCode);
        }
        else
        {
            writer.WriteNil();
        }

        writer.WriteArrayHeader(refusal.Missing.Count);
        foreach (var hash in refusal.Missing)
        {
            MessageParts.WriteHash(ref writer, hash);
        }

        if (refusal.Cause is { } cause)
        {
            writer.Write((int)cause);
        }
        else
        {
            writer.WriteNil();
        }

        writer.WriteArrayHeader(refusal.LastLines.Count);
        foreach (var line in refusal.LastLines)
        {
            writer.Write(line);
        }

        writer.Write(refusal.Requirement);
        writer.Write(refusal.DataPath);
        if (refusal.Limit is { } limit)
        {
            writer.Write(limit);
        }
        else
        {
            writer.WriteNil();
        }

        if (refusal.CredentialsFault is { } fault)
        {
            writer.Write(fault);
        }
        else
        {
            writer.WriteNil();
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not a refusal of this protocol version.</exception>
    public static Refusal Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var parts = reader.ReadArrayHeader();
        ProtocolVersion.Check(parts > 0 ? reader.ReadInt32() : 0, "The host");
        MessageParts.CheckCount(parts, Parts, "A refusal");
        var reason = (RefusalReason)reader.ReadInt32();
        var message = reader.ReadString() ?? "";
        int? exitCode = reader.TryReadNil() ? null : reader.ReadInt32();
        var missing = new List<ContentHash>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            missing.Add(MessageParts.ReadHash(ref reader));
        }

        WorkerCrashCause? cause = reader.TryReadNil() ? null : (WorkerCrashCause)reader.ReadInt32();
        var lines = new List<string>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            lines.Add(reader.ReadString() ?? "");
        }

        var requirement = reader.ReadString();
        var path = reader.ReadString();
        long? limit = reader.TryReadNil() ? null : reader.ReadInt64();
        int? fault = reader.TryReadNil() ? null : reader.ReadInt32();
        MessageParts.CheckEnd(reader, "A refusal");
        return new()
        {
            Reason = reason,
            Message = message,
            ExitCode = exitCode,
            Missing = missing,
            Cause = cause,
            LastLines = lines,
            Requirement = requirement,
            DataPath = path,
            Limit = limit,
            CredentialsFault = fault,
        };
    }
}
