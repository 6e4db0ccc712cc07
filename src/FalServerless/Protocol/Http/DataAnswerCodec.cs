using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary><c>[version, path | nil, [[content, received]…], written, removed]</c>.</summary>
internal static class DataAnswerCodec
{
    private const int Parts = 5;
    private const int MissingParts = 2;

    public static byte[] Write(DataAnswer answer)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(Parts);
        writer.Write(ProtocolVersion.Current);
        writer.Write(answer.Path);
        writer.WriteArrayHeader(answer.Missing.Count);
        foreach (var missing in answer.Missing)
        {
            writer.WriteArrayHeader(MissingParts);
            MessageParts.WriteHash(ref writer, missing.Content);
            writer.Write(missing.Received);
        }

        writer.Write(answer.Written);
        writer.Write(answer.Removed);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are no such answer.</exception>
    public static DataAnswer Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var parts = reader.ReadArrayHeader();
        ProtocolVersion.Check(parts > 0 ? reader.ReadInt32() : 0, "The host");
        MessageParts.CheckCount(parts, Parts, "An answer about a folder");
        var path = reader.ReadString();
        var missing = new List<MissingContent>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            MessageParts.CheckCount(reader.ReadArrayHeader(), MissingParts, "Missing content");
            missing.Add(new(MessageParts.ReadHash(ref reader), reader.ReadInt64()));
        }

        var answer = new DataAnswer
        {
            Path = path,
            Missing = missing,
            Written = reader.ReadInt64(),
            Removed = reader.ReadInt64(),
        };
        MessageParts.CheckEnd(reader, "An answer about a folder");
        return answer;
    }
}
