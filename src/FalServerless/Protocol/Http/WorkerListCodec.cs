using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>The workers of a host, a map for each; see docs/protocol.md. What is added later is skipped by older readers.</summary>
internal static class WorkerListCodec
{
    private const string Id = "id";
    private const string State = "state";
    private const string MachineTypeName = "machine type";
    private const string Environment = "environment";
    private const string Running = "running";
    private const string Calls = "calls";
    private const string Started = "started";
    private const string IdleSince = "idle since";
    private const string KeepAliveEnds = "keep-alive ends";
    private const string Memory = "memory";
    private const string Key = "key";
    private const int Parts = 11;

    public static byte[] Write(IReadOnlyList<WorkerStatus> workers)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(workers.Count);
        foreach (var worker in workers)
        {
            writer.WriteMapHeader(Parts);
            writer.Write(Id);
            writer.Write(worker.Id);
            writer.Write(State);
            writer.Write(NameOf(worker.State));
            writer.Write(MachineTypeName);
            writer.Write(worker.MachineType);
            writer.Write(Environment);
            if (worker.Environment is { } environment)
            {
                MessageParts.WriteHash(ref writer, environment);
            }
            else
            {
                writer.WriteNil();
            }

            writer.Write(Running);
            writer.Write(worker.Running);
            writer.Write(Calls);
            writer.Write(worker.Calls);
            writer.Write(Started);
            MessageParts.WriteTime(ref writer, worker.StartedAt);
            writer.Write(IdleSince);
            MessageParts.WriteTime(ref writer, worker.IdleSince);
            writer.Write(KeepAliveEnds);
            MessageParts.WriteTime(ref writer, worker.KeepAliveEnds);
            writer.Write(Memory);
            writer.Write(worker.MemoryBytes);
            writer.Write(Key);
            writer.Write(worker.Key);
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not a list of workers.</exception>
    public static IReadOnlyList<WorkerStatus> Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var workers = new List<WorkerStatus>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            workers.Add(ReadOne(ref reader));
        }

        MessageParts.CheckEnd(reader, "A list of workers");
        return workers;
    }

    private static WorkerStatus ReadOne(ref MessagePackReader reader)
    {
        string? id = null;
        WorkerState? state = null;
        DateTimeOffset? started = null;
        var worker = new WorkerStatus
        {
            Id = "",
            State = default,
            StartedAt = default,
        };
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case Id:
                    id = reader.ReadString();
                    break;
                case State:
                    state = ToState(reader.ReadString());
                    break;
                case MachineTypeName:
                    worker = worker with { MachineType = reader.ReadString() };
                    break;
                case Environment:
                    worker = worker with { Environment = reader.TryReadNil() ? null : MessageParts.ReadHash(ref reader) };
                    break;
                case Running:
                    worker = worker with { Running = reader.ReadInt32() };
                    break;
                case Calls:
                    worker = worker with { Calls = reader.ReadInt64() };
                    break;
                case Started:
                    started = MessageParts.ReadTime(ref reader);
                    break;
                case IdleSince:
                    worker = worker with { IdleSince = MessageParts.ReadTime(ref reader) };
                    break;
                case KeepAliveEnds:
                    worker = worker with { KeepAliveEnds = MessageParts.ReadTime(ref reader) };
                    break;
                case Memory:
                    worker = worker with { MemoryBytes = reader.ReadInt64() };
                    break;
                case Key:
                    worker = worker with { Key = reader.ReadString() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return id is { Length: > 0 } && state is { } known && started is { } startedAt
            ? worker with
            {
                Id = id,
                State = known,
                StartedAt = startedAt,
            }
            : throw new ProtocolException($"A worker in a list lacks its '{Id}', '{State}' or '{Started}'.");
    }

    private static string NameOf(WorkerState state) =>
        state switch
        {
            WorkerState.Prewarmed => "prewarmed",
            WorkerState.Idle => "idle",
            WorkerState.Busy => "busy",
            _ => "draining",
        };

    private static WorkerState ToState(string? name) =>
        name switch
        {
            "prewarmed" => WorkerState.Prewarmed,
            "idle" => WorkerState.Idle,
            "busy" => WorkerState.Busy,
            "draining" => WorkerState.Draining,
            _ => throw new ProtocolException($"A worker in a list has the unknown state '{name}'."),
        };
}
