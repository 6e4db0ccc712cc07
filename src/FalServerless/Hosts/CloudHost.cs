using System.Collections.Concurrent;
using FalServerless.Credentials;
using FalServerless.Transport;

namespace FalServerless.Hosts;

/// <summary>A host with an address. All that call it share its connections, whatever their key.</summary>
internal sealed class CloudHost : FalHost
{
    private readonly HostConnection _connection;
    private readonly Func<HostConnection, HttpClient> _connect;
    private readonly ResolvedCredentials? _key;
    private readonly CredentialResolver _resolver;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<CloudKeyCredentials, RuntimeClient> _clients = new();
    private HttpClient? _http;
    private RuntimeClient? _configured;

    /// <param name="connection">Where it is, and how it is reached.</param>
    /// <param name="connect">Makes its HTTP client, once; null is one of its own.</param>
    /// <param name="key">The key of calls that bring none; null is to look for it.</param>
    /// <param name="resolver">Where it is looked for; null is this process's environment.</param>
    public CloudHost(
        HostConnection connection,
        Func<HostConnection, HttpClient>? connect = null,
        ResolvedCredentials? key = null,
        CredentialResolver? resolver = null
    )
    {
        _connection = connection;
        _connect = connect ?? HostHttp.Create;
        _key = key;
        _resolver = resolver ?? CredentialResolver.OfProcess;
    }

    public override string ToString() => _connection.Address.ToString();

    // What the HTTP client is made of takes a while to load.
    internal override void Prepare() => ThreadPool.UnsafeQueueUserWorkItem(static host => host.TryConnect(), this, preferLocal: false);

    internal override ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(null, cancellationToken);

    internal override ValueTask<RuntimeClient> ConnectAsync(CloudKeyCredentials? credentials, CancellationToken cancellationToken) =>
        new(
            credentials is null
                ? _configured ??= Client(_key ?? _resolver.Find(_connection.Address))
                : Client(new(credentials, "the Credentials of the call"))
        );

    private RuntimeClient Client(ResolvedCredentials key) =>
        _clients.TryGetValue(key.Credentials, out var known)
            ? known
            : _clients.GetOrAdd(key.Credentials, new RuntimeClient(new HttpLink(Http(), _connection.Address, key, _connection.Time)));

    private void TryConnect()
    {
        try
        {
            Http();
        }
        catch (FalServerlessException)
        {
            // The first call says it.
        }
    }

    private HttpClient Http()
    {
        lock (_lock)
        {
            return _http ??= _connect(_connection);
        }
    }
}
