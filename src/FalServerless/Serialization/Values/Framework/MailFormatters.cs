using System.Net.Mail;
using System.Net.Mime;

namespace FalServerless.Serialization.Values;

/// <summary>The values of the headers of mails.</summary>
internal static class MailFormatters
{
    public static ValueFormatter MailAddress(FormatterResolver formatters) =>
        Surrogates.Class<MailAddress, (string, string)>(
            formatters,
            mail => (mail.Address, mail.DisplayName),
            parts => new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter ContentType(FormatterResolver formatters) =>
        Surrogates.Class<ContentType, string>(formatters, type => type.ToString(), text => new(text));
}
