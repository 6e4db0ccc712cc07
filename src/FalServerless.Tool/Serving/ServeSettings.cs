using FalServerless.Protocol;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Configuration;
using FalServerless.Runtime.Gateway;
using Microsoft.Extensions.Logging;

namespace FalServerless.Tool.Serving;

/// <summary>The settings of a served host. What is wrong with them is found all at once, before anything starts.</summary>
internal sealed record ServeSettings
{
    private const string UsualUrl = "http://127.0.0.1:8470";
    private const string UsualTlsUrl = "https://127.0.0.1:8470";

    public required HostSettings Host { get; init; }

    /// <summary><c>FAL_URLS</c>: where it listens; by default port 8470 of this machine only.</summary>
    public required IReadOnlyList<ListenAddress> Addresses { get; init; }

    /// <summary><c>FAL_CERTIFICATE</c>, and what belongs to it; null for none.</summary>
    public ServerCertificate? Certificate { get; init; }

    /// <summary><c>FAL_STATE</c>: the folder of what the host remembers; by default one of the user's own.</summary>
    public required string State { get; init; }

    public required string Data { get; init; }

    public required string Environments { get; init; }

    /// <summary><c>FAL_DRAIN_LIMIT</c>: how long calls have to end when the host is asked to stop; by default 30 s.</summary>
    public required TimeSpan DrainLimit { get; init; }

    /// <summary>
    /// <c>FAL_LOG_LEVEL</c>: the lowest level of the host's log lines, <c>debug</c>, <c>info</c> (default), <c>warning</c> or <c>error</c>.
    /// </summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>
    /// <c>FAL_BODY_LIMIT</c>, <c>FAL_RESULT_LIMIT</c>, <c>FAL_CALLS_PER_KEY</c> (1,000), <c>FAL_QUEUED_PER_KEY</c> (10,000).
    /// </summary>
    public required KeyLimits KeyLimits { get; init; }

    /// <summary>The addresses that others can read along at.</summary>
    public IEnumerable<ListenAddress> InsecureAddresses => Addresses.Where(address => !address.IsTls && !address.IsLocal);

    /// <returns>Null when something is wrong, which the reader then knows.</returns>
    public static ServeSettings? Read(SettingReader reader, DateTimeOffset now)
    {
        var host = HostSettings.Read(reader) with
        {
            WorkerVariables = reader.Value<string[]>(
                SettingNames.WorkerVariables,
                given => Names(given.Text),
                [],
                "names of environment variables with commas between, such as TENANT,MODEL_*"
            ),
        };
        var certificate = ReadCertificate(reader, now);
        var addresses = ReadAddresses(reader, certificate is not null);
        var state = ReadState(reader);
        var settings = new ServeSettings
        {
            Host = host,
            Addresses = addresses,
            Certificate = certificate,
            State = state ?? "",
            Data = host.DataDirectory ?? Own(reader, "FAL_DATA", "data"),
            Environments = host.EnvironmentsDirectory ?? Own(reader, "FAL_ENVIRONMENTS", "environments"),
            DrainLimit = reader.Time(SettingNames.DrainLimit, TimeSpan.FromSeconds(30)),
            LogLevel = reader.Value(
                SettingNames.LogLevel,
                given => Level(given.Text),
                LogLevel.Information,
                "debug, info, warning or error"
            ),
            KeyLimits = new()
            {
                BodyBytes = reader.Bytes(
                    SettingNames.BodyLimit,
                    ProtocolLimits.MaximumBody,
                    ProtocolLimits.MaximumBody,
                    "a number of bytes up to 512MB"
                ),
                ResultBytes = reader.Bytes(
                    SettingNames.ResultLimit,
                    ProtocolLimits.MaximumBody,
                    ProtocolLimits.MaximumBody,
                    "a number of bytes up to 512MB"
                ),
                Calls = reader.Count(SettingNames.CallsPerKey, 1_000, 1, "a number of calls, 1 at least"),
                Queued = reader.Count(SettingNames.QueuedPerKey, 10_000, 1, "a number of calls, 1 at least"),
            },
        };
        return reader.Errors.Count == 0 ? settings : null;
    }

    /// <summary>The state folder alone, for commands that need nothing else.</summary>
    /// <returns>Null when it is wrong, which the reader then knows.</returns>
    public static string? ReadState(SettingReader reader) =>
        reader.Find(SettingNames.State) is null ? Own(reader, SettingNames.State, "host") : reader.Folder(SettingNames.State, null);

    // "*" alone would pass on whatever secret the host has.
    private static object? Names(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.TrueForAll(names, name => name.IndexOfAny(['=', ' ']) < 0 && name.TrimEnd('*').Length > 0 && !name[..^1].Contains('*'))
            ? names
            : null;
    }

    private static object? Level(string text) =>
        text switch
        {
            "debug" => LogLevel.Debug,
            "info" => LogLevel.Information,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => null,
        };

    private static string Own(SettingReader reader, string name, string folder)
    {
        if (UserFolder.Path(folder) is { } path)
        {
            return path;
        }

        reader.Wrong($"The user has no home folder. Name one with {SettingNames.Flag(name)} or {name}.");
        return "";
    }

    private static IReadOnlyList<ListenAddress> ReadAddresses(SettingReader reader, bool hasCertificate)
    {
        var given = reader.Find(SettingNames.Urls);
        var addresses = new List<ListenAddress>();
        foreach (
            var url in (given?.Text ?? (hasCertificate ? UsualTlsUrl : UsualUrl)).Split(
                [',', ';', ' '],
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (ListenAddress.TryParse(url, out var error) is { } address)
            {
                addresses.Add(address);
            }
            else
            {
                reader.Wrong($"{given?.Name}: {error}");
            }
        }

        var wantsCertificate = reader.Find(SettingNames.Certificate) is not null;
        var isInsecure = reader.Switch(SettingNames.Insecure, false);
        foreach (var address in addresses)
        {
            if (address.IsTls && !wantsCertificate)
            {
                reader.Wrong(
                    $"'{address.Text}' needs a certificate: give one with {SettingNames.Flag(SettingNames.Certificate)} (PFX or PEM), "
                        + $"or listen on http:// at a loopback address."
                );
            }
            else if (!address.IsTls && !address.IsLocal && !isInsecure)
            {
                reader.Wrong(
                    $"'{address.Text}' can be reached from other machines and has no TLS: keys, code and data could be read on the "
                        + $"way. Use https:// with {SettingNames.Flag(SettingNames.Certificate)}, or a loopback address, or say "
                        + $"{SettingNames.Flag(SettingNames.Insecure)} if something else protects the way."
                );
            }
        }

        if (wantsCertificate && addresses.Count > 0 && !addresses.Exists(address => address.IsTls))
        {
            reader.Wrong($"A certificate is given, and no address of {given?.Name} begins with https://.");
        }

        return addresses;
    }

    private static ServerCertificate? ReadCertificate(SettingReader reader, DateTimeOffset now)
    {
        var path = reader.Folder(SettingNames.Certificate, null);
        var key = reader.Folder(SettingNames.CertificateKey, null);
        var passwordFile = reader.Folder(SettingNames.CertificatePasswordFile, null);
        if (path is null)
        {
            if (key is not null || passwordFile is not null)
            {
                reader.Wrong(
                    $"The key or password of a certificate is given without the certificate: "
                        + $"{SettingNames.Flag(SettingNames.Certificate)} is missing."
                );
            }

            return null;
        }

        string? password;
        try
        {
            password = passwordFile is not null
                ? File.ReadAllText(passwordFile).TrimEnd('\r', '\n')
                : reader.Find(SettingNames.CertificatePassword)?.Text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Wrong($"The password of the certificate cannot be read: {e.Message}");
            return null;
        }

        var certificate = ServerCertificate.TryRead(path, key, password, now, out var error);
        if (error is not null)
        {
            reader.Wrong(error);
        }

        return certificate;
    }
}
