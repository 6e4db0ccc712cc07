using FalServerless.Protocol.Worker;
using FalServerless.Transport;

namespace FalServerless.Runtime.Workers;

/// <summary>A worker that was started and has not connected to the gateway with both connections yet.</summary>
internal sealed class ExpectedWorker(string token)
{
    private readonly TaskCompletionSource<(WorkerConnection Data, WorkerConnection Control)> _arrived = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Lock _lock = new();
    private WorkerConnection? _data;
    private WorkerConnection? _control;

    public string Token { get; } = token;

    public Task<(WorkerConnection Data, WorkerConnection Control)> Arrived => _arrived.Task;

    /// <returns>False when this kind of connection has come already: a token is good once for each.</returns>
    public bool Accept(WorkerHello hello, WorkerConnection connection)
    {
        lock (_lock)
        {
            ref var slot = ref hello.IsControl ? ref _control : ref _data;
            if (slot is not null)
            {
                return false;
            }

            slot = connection;
            if (_data is not null && _control is not null)
            {
                _arrived.TrySetResult((_data, _control));
            }

            return true;
        }
    }
}
