using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FalServerless.Serialization.Values;

/// <summary>Text, how it is encoded, and what is looked for in it.</summary>
internal static class TextFormatters
{
    // Only made, never run: what a forged pattern could cost is its match, and nothing here matches.
    public static ValueFormatter Regex(FormatterResolver formatters) =>
        Surrogates.Class<Regex, (string, RegexOptions, TimeSpan)>(
            formatters,
            regex => (regex.ToString(), regex.Options, regex.MatchTimeout),
            parts => new(parts.Item1, parts.Item2, parts.Item3)
        );

    public static ValueFormatter CompositeFormat(FormatterResolver formatters) =>
        Surrogates.Class<CompositeFormat, string>(formatters, format => format.Format, System.Text.CompositeFormat.Parse);

    public static ValueFormatter JsonEncodedText(FormatterResolver formatters) =>
        Surrogates.Struct<JsonEncodedText, string>(
            formatters,
            text => text.Value,
            text =>
                System.Text.Json.JsonEncodedText.Encode(
                    JsonSerializer.Deserialize<string>($"\"{text}\"") ?? "",
                    System.Text.Encodings.Web.JavaScriptEncoder.Default
                )
        );

    public static ValueFormatter EncodingOf<T>(FormatterResolver formatters)
        where T : Encoding =>
        Surrogates.Class<T, (int, bool, bool, EncoderFallback?, DecoderFallback?)>(
            formatters,
            EncodingParts.Take,
            parts => (T)EncodingParts.Make(parts)
        );

    public static ValueFormatter EncoderReplacementFallback(FormatterResolver formatters) =>
        Surrogates.Class<EncoderReplacementFallback, string>(formatters, fallback => fallback.DefaultString, text => new(text));

    public static ValueFormatter DecoderReplacementFallback(FormatterResolver formatters) =>
        Surrogates.Class<DecoderReplacementFallback, string>(formatters, fallback => fallback.DefaultString, text => new(text));

    public static ValueFormatter EncoderExceptionFallback(FormatterResolver formatters) =>
        Surrogates.Class<EncoderExceptionFallback, bool>(formatters, _ => true, _ => new());

    public static ValueFormatter DecoderExceptionFallback(FormatterResolver formatters) =>
        Surrogates.Class<DecoderExceptionFallback, bool>(formatters, _ => true, _ => new());
}
