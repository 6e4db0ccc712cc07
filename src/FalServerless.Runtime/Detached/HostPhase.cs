namespace FalServerless.Runtime.Detached;

/// <summary>How far the end of the host has come.</summary>
internal sealed class HostPhase : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private volatile bool _isDraining;

    /// <summary>Whether no call begins any more.</summary>
    public bool IsDraining => _isDraining || IsOver;

    /// <summary>Whether what happens to calls is the end of the host, and not their outcome.</summary>
    public bool IsOver => _over.IsCancellationRequested;

    /// <summary>Cancelled when the host ends.</summary>
    public CancellationToken Over => _over.Token;

    public void Drain() => _isDraining = true;

    public void End() => _over.Cancel();

    public void Dispose() => _over.Dispose();
}
