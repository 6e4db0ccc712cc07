using System.Net.Http.Headers;

namespace FalServerless.Serialization.Values;

/// <summary>The values of the headers of HTTP messages: each has a text that its type reads again.</summary>
internal static class HttpFormatters
{
    public static ValueFormatter HttpMethod(FormatterResolver formatters) =>
        Surrogates.Class<HttpMethod, string>(formatters, method => method.Method, text => System.Net.Http.HttpMethod.Parse(text));

    public static ValueFormatter AuthenticationHeaderValue(FormatterResolver formatters) =>
        Surrogates.Class<AuthenticationHeaderValue, (string, string?)>(
            formatters,
            value => (value.Scheme, value.Parameter),
            parts => new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter CacheControlHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.CacheControlHeaderValue.Parse);

    public static ValueFormatter ContentDispositionHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.ContentDispositionHeaderValue.Parse);

    public static ValueFormatter ContentRangeHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.ContentRangeHeaderValue.Parse);

    public static ValueFormatter EntityTagHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.EntityTagHeaderValue.Parse);

    public static ValueFormatter MediaTypeHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.MediaTypeHeaderValue.Parse);

    public static ValueFormatter MediaTypeWithQualityHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.MediaTypeWithQualityHeaderValue.Parse);

    public static ValueFormatter NameValueHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.NameValueHeaderValue.Parse);

    public static ValueFormatter ProductHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.ProductHeaderValue.Parse);

    public static ValueFormatter ProductInfoHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.ProductInfoHeaderValue.Parse);

    public static ValueFormatter RangeHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.RangeHeaderValue.Parse);

    public static ValueFormatter RangeConditionHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.RangeConditionHeaderValue.Parse);

    public static ValueFormatter RetryConditionHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.RetryConditionHeaderValue.Parse);

    public static ValueFormatter StringWithQualityHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.StringWithQualityHeaderValue.Parse);

    public static ValueFormatter TransferCodingHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.TransferCodingHeaderValue.Parse);

    public static ValueFormatter ViaHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.ViaHeaderValue.Parse);

    public static ValueFormatter WarningHeaderValue(FormatterResolver formatters) =>
        Text(formatters, System.Net.Http.Headers.WarningHeaderValue.Parse);

    private static ValueFormatter Text<T>(FormatterResolver formatters, Func<string, T> parse)
        where T : class => Surrogates.Class(formatters, value => value.ToString()!, parse);
}
