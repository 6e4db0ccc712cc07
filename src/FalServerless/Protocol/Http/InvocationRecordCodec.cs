using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>A detached call as a map; see docs/protocol.md. What is added later is skipped by older readers.</summary>
internal static class InvocationRecordCodec
{
    private const string Id = "id";
    private const string Name = "name";
    private const string State = "state";
    private const string Function = "function";
    private const string MachineTypeName = "machine type";
    private const string Requirements = "requirements";
    private const string Created = "created";
    private const string Started = "started";
    private const string Ended = "ended";
    private const string Attempts = "attempts";
    private const string Retries = "retries";
    private const string Key = "key";
    private const string Events = "events";
    private const string Error = "error";
    private const int Parts = 14;

    public static byte[] Write(InvocationRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        WriteOne(ref writer, record);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static byte[] WriteAll(IReadOnlyList<InvocationRecord> records)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(records.Count);
        foreach (var record in records)
        {
            WriteOne(ref writer, record);
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are no record.</exception>
    public static InvocationRecord Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var record = ReadOne(ref reader);
        MessageParts.CheckEnd(reader, "An invocation's record");
        return record;
    }

    /// <exception cref="ProtocolException">The bytes are no list of records.</exception>
    public static IReadOnlyList<InvocationRecord> ReadAll(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var records = new List<InvocationRecord>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            records.Add(ReadOne(ref reader));
        }

        MessageParts.CheckEnd(reader, "A list of invocations");
        return records;
    }

    private static void WriteOne(ref MessagePackWriter writer, InvocationRecord record)
    {
        writer.WriteMapHeader(Parts);
        writer.Write(Id);
        MessageParts.WriteGuid(ref writer, record.Id);
        writer.Write(Name);
        writer.Write(record.Name);
        writer.Write(State);
        writer.Write(NameOf(record.Status));
        writer.Write(Function);
        MessageParts.WriteHash(ref writer, record.Function);
        writer.Write(MachineTypeName);
        writer.Write(record.MachineType);
        writer.Write(Requirements);
        writer.WriteArrayHeader(record.Requirements.Count);
        foreach (var requirement in record.Requirements)
        {
            writer.Write(requirement);
        }

        writer.Write(Created);
        MessageParts.WriteTime(ref writer, record.Created);
        writer.Write(Started);
        MessageParts.WriteTime(ref writer, record.Started);
        writer.Write(Ended);
        MessageParts.WriteTime(ref writer, record.Ended);
        writer.Write(Attempts);
        writer.Write(record.Attempts);
        writer.Write(Retries);
        writer.Write(record.Retries);
        writer.Write(Key);
        writer.Write(record.Key);
        writer.Write(Events);
        writer.Write(record.Events);
        writer.Write(Error);
        writer.Write(record.Error);
    }

    private static InvocationRecord ReadOne(ref MessagePackReader reader)
    {
        Guid? id = null;
        InvocationStatus? status = null;
        var record = new InvocationRecord { Id = default, Status = default };
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case Id:
                    id = MessageParts.ReadGuid(ref reader);
                    break;
                case Name:
                    record = record with { Name = reader.ReadString() };
                    break;
                case State:
                    status = ToStatus(reader.ReadString());
                    break;
                case Function:
                    record = record with { Function = MessageParts.ReadHash(ref reader) };
                    break;
                case MachineTypeName:
                    record = record with { MachineType = reader.ReadString() ?? "" };
                    break;
                case Requirements:
                    record = record with { Requirements = ReadRequirements(ref reader) };
                    break;
                case Created:
                    record = record with { Created = MessageParts.ReadTime(ref reader) ?? default };
                    break;
                case Started:
                    record = record with { Started = MessageParts.ReadTime(ref reader) };
                    break;
                case Ended:
                    record = record with { Ended = MessageParts.ReadTime(ref reader) };
                    break;
                case Attempts:
                    record = record with { Attempts = reader.ReadInt32() };
                    break;
                case Retries:
                    record = record with { Retries = reader.ReadInt32() };
                    break;
                case Key:
                    record = record with { Key = reader.ReadString() ?? "" };
                    break;
                case Events:
                    record = record with { Events = reader.ReadInt64() };
                    break;
                case Error:
                    record = record with { Error = reader.ReadString() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return id is { } known && status is { } state
            ? record with
            {
                Id = known,
                Status = state,
            }
            : throw new ProtocolException($"An invocation's record lacks its '{Id}' or its '{State}'.");
    }

    private static List<string> ReadRequirements(ref MessagePackReader reader)
    {
        var requirements = new List<string>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            requirements.Add(reader.ReadString() ?? "");
        }

        return requirements;
    }

    private static string NameOf(InvocationStatus status) =>
        status switch
        {
            InvocationStatus.Queued => "queued",
            InvocationStatus.Running => "running",
            InvocationStatus.Succeeded => "succeeded",
            InvocationStatus.Failed => "failed",
            InvocationStatus.Cancelled => "cancelled",
            _ => "interrupted",
        };

    private static InvocationStatus ToStatus(string? name) =>
        name switch
        {
            "queued" => InvocationStatus.Queued,
            "running" => InvocationStatus.Running,
            "succeeded" => InvocationStatus.Succeeded,
            "failed" => InvocationStatus.Failed,
            "cancelled" => InvocationStatus.Cancelled,
            "interrupted" => InvocationStatus.Interrupted,
            _ => throw new ProtocolException($"An invocation's record has the unknown state '{name}'."),
        };
}
