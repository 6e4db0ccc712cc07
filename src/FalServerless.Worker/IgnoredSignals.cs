using System.Runtime.InteropServices;

namespace FalServerless.Worker;

/// <summary>
/// Ctrl-C reaches every process of a terminal's group. Whether it ends anything is for the user's program to decide: the worker ends when
/// the gateway asks it to, or is gone.
/// </summary>
internal sealed class IgnoredSignals : IDisposable
{
    private readonly PosixSignalRegistration _interrupt = PosixSignalRegistration.Create(
        PosixSignal.SIGINT,
        signal => signal.Cancel = true
    );

    public void Dispose() => _interrupt.Dispose();
}
