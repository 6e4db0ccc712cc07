using FalServerless.Credentials;
using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FalServerless.DependencyInjection;

/// <summary>The host that a program's settings mean.</summary>
internal sealed class ConfiguredConnection(IOptions<FalServerlessOptions> options, TimeProvider? time = null)
{
    private HostConnection? _found;

    public FalHost ToHost(IServiceProvider services)
    {
        // Settings that are wrong are reported here also where nothing checks them at the program's start.
        var settings = options.Value;
        var key = settings is { KeyId: { } id, KeySecret: { } secret }
            ? new ResolvedCredentials(new(id, secret), "the settings of AddFalServerless")
            : null;
        return new ConfiguredHost(
            "the host of AddFalServerless",
            () =>
                Find() is { } connection
                    ? new CloudHost(connection, _ => services.GetRequiredService<IHttpClientFactory>().CreateClient(HostHttp.Name), key)
                    : FalHost.Local,
            BodyLog.Of(services)
        );
    }

    /// <summary>How the host is reached, which is no local one.</summary>
    public HostConnection Require() =>
        Find()
        ?? throw new InvalidOperationException($"The HTTP client '{HostHttp.Name}' is of a host with an address, and none is configured.");

    private HostConnection? Find() =>
        _found ??= Address() is { } address
            ? new()
            {
                Address = address,
                Options = options.Value,
                CertificateFile = Environment.GetEnvironmentVariable(HostTrust.Variable),
                Time = time ?? TimeProvider.System,
            }
            : null;

    private HostAddress? Address() => options.Value.Host is { } host ? HostAddress.Read(host, out _) : HostResolver.OfProcess.Find();
}
