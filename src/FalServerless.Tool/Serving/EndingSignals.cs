using System.Runtime.InteropServices;

namespace FalServerless.Tool.Serving;

/// <summary>Ctrl-C and the request to end: the first asks, the second insists.</summary>
internal sealed class EndingSignals : IDisposable
{
    private readonly TaskCompletionSource<PosixSignal> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _hurry = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile object? _second;

    public EndingSignals() =>
        _registrations = [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
        ];

    public Task<PosixSignal> First => _first.Task;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken ForceShutdown => _hurry.Token;

    /// <summary>Null while there was none.</summary>
    public PosixSignal? Second => (PosixSignal?)_second;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _hurry.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_first.TrySetResult(context.Signal))
        {
            _second = context.Signal;
            _hurry.Cancel();
        }
    }
}
