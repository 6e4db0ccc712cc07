using FalServerless.Transport;

namespace FalServerless.Hosts;

/// <summary>
/// A host that is looked for when it is first needed, and then stays that one. Errors are thrown by the call, not before.
/// </summary>
/// <param name="name">What it is called until it is found.</param>
/// <param name="find">Finds it.</param>
/// <param name="log">Gives the receiver of a function's lines; null for the console.</param>
internal sealed class ConfiguredHost(string name, Func<FalHost> find, Func<FunctionLabel, Action<Guid, LogEntry>>? log = null) : FalHost
{
    // A failure is not kept: what is missing may be configured before the next call.
    private readonly Lazy<FalHost> _found = new(find, LazyThreadSafetyMode.PublicationOnly);

    public override string ToString() => _found.IsValueCreated ? _found.Value.ToString()! : name;

    internal override Action<Guid, LogEntry> LogOf(FunctionLabel function) => log?.Invoke(function) ?? base.LogOf(function);

    internal override void Prepare()
    {
        try
        {
            _found.Value.Prepare();
        }
        catch (FalServerlessException)
        {
            // Where a function is made, often a static field, this would be hard to read.
        }
    }

    internal override ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken) =>
        _found.Value.ConnectAsync(cancellationToken);

    internal override ValueTask<RuntimeClient> ConnectAsync(CloudKeyCredentials? credentials, CancellationToken cancellationToken) =>
        _found.Value.ConnectAsync(credentials, cancellationToken);
}
