using System.Buffers;
using System.Text;
using FalServerless.Serialization.Values;
using FalServerless.Wire;

namespace FalServerless.Serialization.Text;

/// <summary>The text of a failure, for programs that have none of its types.</summary>
/// <param name="Type">The full name of its type; empty for a refusal of the host.</param>
/// <param name="Message">Its message.</param>
/// <param name="StackTrace">Where it was thrown.</param>
/// <param name="Inner">Its inner exceptions.</param>
internal sealed record FailureText(string Type, string Message, string? StackTrace, IReadOnlyList<FailureText> Inner)
{
    private const int LeastParts = 10;

    /// <summary>Type and message.</summary>
    public string Headline => Type.Length == 0 ? Message : $"{Type}: {Message}";

    /// <exception cref="ProtocolException">The bytes are not a failure.</exception>
    public static FailureText Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        return Read(ref reader);
    }

    /// <summary>As <see cref="Exception.ToString"/> would write it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, this);
        return text.ToString();
    }

    private static void Append(StringBuilder text, FailureText failure)
    {
        text.Append(failure.Headline);
        foreach (var inner in failure.Inner)
        {
            Append(text.Append("\n ---> "), inner);
            text.Append("\n   --- End of inner exception stack trace ---");
        }

        if (!string.IsNullOrEmpty(failure.StackTrace))
        {
            text.Append('\n').Append(failure.StackTrace);
        }
    }

    private static FailureText Read(ref MessagePackReader reader)
    {
        reader.EnterNested();
        var parts = reader.ReadArrayHeader();
        if (parts < LeastParts)
        {
            throw new ProtocolException($"A failure has {LeastParts} parts, not {parts}.");
        }

        var type = ReadText(ref reader) ?? "";
        reader.Skip();
        var message = ReadText(ref reader) ?? "";
        reader.Skip();
        var stackTrace = ReadText(ref reader);
        for (var skipped = 0; skipped < 4; skipped++)
        {
            reader.Skip();
        }

        var inner = new List<FailureText>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            inner.Add(Read(ref reader));
        }

        for (var left = parts - LeastParts; left > 0; left--)
        {
            reader.Skip();
        }

        reader.LeaveNested();
        return new(type, message, stackTrace, inner);
    }

    private static string? ReadText(ref MessagePackReader reader) => reader.TryReadNil() ? null : StringCodec.Read(ref reader);
}
