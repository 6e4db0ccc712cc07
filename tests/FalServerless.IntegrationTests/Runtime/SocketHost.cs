using FalServerless.Transport;

namespace FalServerless.IntegrationTests.Runtime;

/// <summary>A host that is reached over its Unix socket, with a key.</summary>
/// <param name="socket">The path of the socket.</param>
/// <param name="key">The key, as <c>id:secret</c>.</param>
/// <param name="describe">Says what became of the host, once it cannot be reached; null says which one it is.</param>
internal sealed class SocketHost(string socket, string key, Func<string>? describe = null) : FalHost, IDisposable
{
    private readonly RuntimeClient _client = RuntimeClient.OverSocket(socket, key, describe ?? (() => $"It is the host at '{socket}'."));

    public void Dispose() => _client.Dispose();

    internal override void Prepare() { }

    internal override ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken) => new(_client);
}
