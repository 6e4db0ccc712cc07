using FalServerless.Internal;
using Microsoft.Extensions.Options;

namespace FalServerless.DependencyInjection;

/// <summary>Says all that is wrong with the options at once.</summary>
internal sealed class OptionsCheck : IValidateOptions<FalServerlessOptions>
{
    private static readonly TimeSpan LongestConnect = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestRequest = TimeSpan.FromDays(1);
    private const int MostRetries = 10;

    public ValidateOptionsResult Validate(string? name, FalServerlessOptions options)
    {
        var faults = new List<string?>
        {
            options.Host is { } host && HostAddress.Read(host, out var fault) is null ? $"Host: {fault}" : null,
            Key(options.KeyId, options.KeySecret),
            Time(options.ConnectTimeout, LongestConnect, "10 minutes", nameof(options.ConnectTimeout)),
            Time(options.RequestTimeout, LongestRequest, "1 day", nameof(options.RequestTimeout)),
            options.MaxRetries is >= 0 and <= MostRetries
                ? null
                : $"MaxRetries: it is {options.MaxRetries}, and must be between 0 and {MostRetries}.",
        };
        string[] found = [.. faults.OfType<string>()];
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static string? Key(string? id, string? secret)
    {
        switch (id, secret)
        {
            case (null, null):
                return null;
            case (null, _):
                return "KeyId: it is not set, and KeySecret is. A key has both.";
            case (_, null):
                return "KeySecret: it is not set, and KeyId is. A key has both.";
            default:
                CloudKeyCredentials.Read(id, secret, out var fault);
                return fault is null ? null : $"KeyId and KeySecret: {fault}";
        }
    }

    private static string? Time(TimeSpan value, TimeSpan longest, string limit, string name) =>
        value > TimeSpan.Zero && value <= longest ? null : $"{name}: it is {value}, and must be more than zero and at most {limit}.";
}
