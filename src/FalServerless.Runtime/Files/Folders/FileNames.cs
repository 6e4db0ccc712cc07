using System.Text;

namespace FalServerless.Runtime.Files.Folders;

/// <summary>
/// Linux's names are bytes. Those that are no UTF-8 become texts with single surrogates, U+DC80 to U+DCFF for the bytes 80 to FF, which no
/// name in UTF-8 has; so every name survives the way there and back.
/// </summary>
internal static class FileNames
{
    private const char Escape = '\uDC00';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[length..];
            }
            else
            {
                text.Append((char)(Escape + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <returns>With a zero at the end.</returns>
    public static byte[] Encode(string name)
    {
        if (!name.Any(char.IsLowSurrogate))
        {
            var plain = new byte[Strict.GetByteCount(name) + 1];
            Strict.GetBytes(name, plain);
            return plain;
        }

        var bytes = new List<byte>(name.Length + 1);
        Span<byte> buffer = stackalloc byte[4];
        for (var i = 0; i < name.Length; i++)
        {
            if (Rune.TryGetRuneAt(name, i, out var rune))
            {
                bytes.AddRange(buffer[..rune.EncodeToUtf8(buffer)]);
                i += rune.Utf16SequenceLength - 1;
            }
            else
            {
                bytes.Add((byte)(name[i] - Escape));
            }
        }

        bytes.Add(0);
        return [.. bytes];
    }

    /// <summary>Whether systems other than Linux can be given the name.</summary>
    public static bool IsText(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsHighSurrogate(name[i]))
            {
                i++;
            }
            else if (char.IsLowSurrogate(name[i]))
            {
                return false;
            }
        }

        return true;
    }
}
