using System.Text;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>
/// An encoding as its code page, whether it writes a byte order mark, whether it is one that the framework gives, and its fallbacks (null
/// for its own).
/// </summary>
internal static class EncodingParts
{
    public static (int CodePage, bool HasMark, bool IsGiven, EncoderFallback? Encoder, DecoderFallback? Decoder) Take(Encoding encoding) =>
        (
            encoding.CodePage,
            encoding.Preamble.Length > 0,
            encoding.IsReadOnly && !encoding.GetType().IsVisible,
            Public(encoding.EncoderFallback),
            Public(encoding.DecoderFallback)
        );

    public static Encoding Make((int CodePage, bool HasMark, bool IsGiven, EncoderFallback? Encoder, DecoderFallback? Decoder) parts)
    {
        var encoding =
            parts.IsGiven && Given(parts.CodePage, parts.HasMark) is { } given
                ? given
                : Plain(
                    parts.CodePage,
                    parts.HasMark,
                    parts.Encoder is EncoderExceptionFallback && parts.Decoder is DecoderExceptionFallback
                );
        if (
            (parts.Encoder is { } encoder && !encoder.Equals(encoding.EncoderFallback))
            || (parts.Decoder is { } decoder && !decoder.Equals(encoding.DecoderFallback))
        )
        {
            encoding = (Encoding)encoding.Clone();
            encoding.EncoderFallback = parts.Encoder ?? encoding.EncoderFallback;
            encoding.DecoderFallback = parts.Decoder ?? encoding.DecoderFallback;
        }

        return encoding;
    }

    private static Encoding Plain(int codePage, bool hasMark, bool throws) =>
        codePage switch
        {
            65001 => new UTF8Encoding(hasMark, throws),
            1200 => new UnicodeEncoding(bigEndian: false, hasMark, throws),
            1201 => new UnicodeEncoding(bigEndian: true, hasMark, throws),
            12000 => new UTF32Encoding(bigEndian: false, hasMark, throws),
            12001 => new UTF32Encoding(bigEndian: true, hasMark, throws),
            20127 => new ASCIIEncoding(),

            // Those of old code pages are there only where a program has registered them; the worker's may not have.
            _ => CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage),
        };

    private static Encoding? Given(int codePage, bool hasMark) =>
        codePage switch
        {
            65001 => Encoding.UTF8.Preamble.Length > 0 == hasMark ? Encoding.UTF8
            : Encoding.Default.CodePage == codePage ? Encoding.Default
            : null,
            20127 => Encoding.ASCII,
            28591 => Encoding.Latin1,
            _ => null,
        };

    // Those that the framework hides are of the code page.
    private static EncoderFallback? Public(EncoderFallback fallback) =>
        fallback.GetType().IsPublic || !FrameworkTypes.Contains(fallback.GetType()) ? fallback : null;

    private static DecoderFallback? Public(DecoderFallback fallback) =>
        fallback.GetType().IsPublic || !FrameworkTypes.Contains(fallback.GetType()) ? fallback : null;
}
