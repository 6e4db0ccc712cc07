namespace FalServerless.Runtime.Gateway;

/// <summary>Whether a host takes calls.</summary>
internal sealed class HostState
{
    private volatile string _name = "starting";

    /// <summary>In a word: <c>starting</c>, <c>ready</c> or <c>draining</c>.</summary>
    public string Name => _name;

    public bool IsReady => _name == "ready";

    public bool IsDraining => _name == "draining";

    /// <summary>How long calls that are here have to end, once it drains.</summary>
    public TimeSpan DrainLimit { get; private set; }

    public void Ready() => _name = "ready";

    public void Drain(TimeSpan limit)
    {
        DrainLimit = limit;
        _name = "draining";
    }
}
