using System.Globalization;
using FalServerless.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FalServerless.DependencyInjection;

/// <summary>
/// A section of a program's configuration as options. It reads each setting by itself, so that all that are unknown or unreadable can be
/// named at once; no message repeats a value that may be a secret.
/// </summary>
internal sealed class SettingsSection(IConfiguration section)
    : IConfigureOptions<FalServerlessOptions>,
        IValidateOptions<FalServerlessOptions>
{
    private static readonly Dictionary<string, Func<FalServerlessOptions, string, string?>> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(FalServerlessOptions.Host)] = (options, value) => Text(() => options.Host = value),
        [nameof(FalServerlessOptions.KeyId)] = (options, value) => Text(() => options.KeyId = value),
        [nameof(FalServerlessOptions.KeySecret)] = (options, value) => Text(() => options.KeySecret = value),
        [nameof(FalServerlessOptions.ConnectTimeout)] = (options, value) => Time(value, time => options.ConnectTimeout = time),
        [nameof(FalServerlessOptions.RequestTimeout)] = (options, value) => Time(value, time => options.RequestTimeout = time),
        [nameof(FalServerlessOptions.MaxRetries)] = (options, value) =>
        {
            if (!int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            {
                return $"'{value}' is no whole number.";
            }

            options.MaxRetries = number;
            return null;
        },
    };

    public void Configure(FalServerlessOptions options) => Read(options);

    public ValidateOptionsResult Validate(string? name, FalServerlessOptions options) =>
        Read(new()) is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

    private List<string> Read(FalServerlessOptions options)
    {
        var faults = new List<string>();
        foreach (var setting in section.GetChildren())
        {
            if (!Settings.TryGetValue(setting.Key, out var set))
            {
                faults.Add(
                    $"{setting.Path}: there is no such "
                        + $"setting.{(NearestName.Of(setting.Key, Settings.Keys) is { } meant ? $" Did you mean '{meant}'?" : "")} "
                        + $"Known: {string.Join(", ", Settings.Keys)}."
                );
            }
            else if (setting.Value is { Length: > 0 } value && set(options, value) is { } fault)
            {
                faults.Add($"{setting.Path}: {fault}");
            }
        }

        return faults;
    }

    private static string? Text(Action set)
    {
        set();
        return null;
    }

    private static string? Time(string value, Action<TimeSpan> set)
    {
        if (!TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time))
        {
            return $"'{value}' is not a valid time: write hours, minutes and seconds, as in '00:00:10'.";
        }

        set(time);
        return null;
    }
}
