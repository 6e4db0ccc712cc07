using FalServerless.Transport;

namespace FalServerless.Tests.Runtime.Detached;

/// <summary>A host that somebody else started, by its socket and with a key.</summary>
internal sealed class SocketHost(string socket, string key) : FalHost
{
    private readonly RuntimeClient _client = RuntimeClient.OverSocket(socket, key, () => $"It is the host at '{socket}'.");

    internal override void Prepare()
    {
    }

    internal override ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken) => new(_client);
}
