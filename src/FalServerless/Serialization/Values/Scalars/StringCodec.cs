using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Strings as UTF-8; those that have none (a lone surrogate) as an extension of their UTF-16.</summary>
internal static class StringCodec
{
    private const int LongestShortText = MaximumFixStr / 3;
    private const int MaximumFixStr = 31;

    public static void Write(ref MessagePackWriter writer, ReadOnlySpan<char> text)
    {
        if (text.Length <= LongestShortText)
        {
            // However many bytes each character takes, the header is one byte: no need to count first.
            var span = writer.GetSpan(1 + (text.Length * 3));
            if (Utf8.FromUtf16(text, span[1..], out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done)
            {
                span[0] = (byte)(MessagePackCode.MinFixStr | written);
                writer.Advance(1 + written);
                return;
            }
        }
        else if (text.IndexOfAnyInRange('\ud800', '\udfff') < 0 || HasOnlyPairs(text))
        {
            writer.Write(text);
            return;
        }

        WriteUtf16(ref writer, text);
    }

    public static string Read(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType != MessagePackType.Extension)
        {
            return reader.ReadString() ?? throw new ProtocolException("A string is missing.");
        }

        var extension = reader.ReadExtensionFormat();
        if (extension.TypeCode != ExtensionCodes.Utf16 || extension.Data.Length % 2 != 0)
        {
            throw new ProtocolException(
                $"Expected a string, found an extension of type {extension.TypeCode} and {extension.Data.Length} bytes."
            );
        }

        var bytes = extension.Data.ToArray();
        return new(MemoryMarshal.Cast<byte, char>(bytes));
    }

    private static void WriteUtf16(ref MessagePackWriter writer, ReadOnlySpan<char> text)
    {
        var bytes = MemoryMarshal.AsBytes(text);
        writer.WriteExtensionFormatHeader(new(ExtensionCodes.Utf16, (uint)bytes.Length));
        writer.WriteRaw(bytes);
    }

    private static bool HasOnlyPairs(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (
                char.IsLowSurrogate(text[i]) || (char.IsHighSurrogate(text[i]) && (i + 1 == text.Length || !char.IsLowSurrogate(text[++i])))
            )
            {
                return false;
            }
        }

        return true;
    }
}
