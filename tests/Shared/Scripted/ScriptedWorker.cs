using System.Buffers.Binary;
using System.Collections.Concurrent;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;
using FalServerless.Transport;

namespace FalServerless.Tests.Shared.Scripted;

/// <summary>A worker that does what the test says, on real connections; when it is killed, they end.</summary>
internal sealed class ScriptedWorker : IDisposable
{
    private readonly FakeWorker _worker;
    private readonly WorkerConnection _data;
    private readonly WorkerConnection _control;
    private readonly BlockingCollection<(WorkerFrameKind Kind, Guid Id, byte[] Payload)> _frames = [];
    private readonly BlockingCollection<(WorkerFrameKind Kind, Guid Id, byte[] Payload)> _controls = [];
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedWorker(FakeWorker worker, WorkerConnection data, WorkerConnection control)
    {
        _worker = worker;
        _data = data;
        _control = control;
        worker.Exited.ContinueWith(_ => DisconnectAfterExit(), TaskScheduler.Default);
        new Thread(ReadControl) { IsBackground = true }.Start();
    }

    /// <summary>Whether it ends when the gateway asks for that.</summary>
    public bool EndsWhenAsked { get; set; }

    /// <summary>Whether its connections outlive it: the end of a process may be seen before theirs.</summary>
    public bool StaysConnected { get; set; }

    /// <summary>Completes when the gateway has closed its control connection.</summary>
    public Task Released => _released.Task;

    public bool IsAlive => !_worker.Exited.IsCompleted;

    public int ProcessId => _worker.Number;

    /// <summary>Connects to the gateway.</summary>
    public static async Task<(ScriptedWorker Worker, WorkerHandle Handle)> StartAsync(WorkerListener listener)
    {
        var expected = listener.Expect();
        var data = Dial(listener, expected.Token, isControl: false);
        var control = Dial(listener, expected.Token, isControl: true);
        var arrived = await expected.Arrived.WaitAsync(Eventually.Limit);
        var worker = new FakeWorker();
        return (new(worker, data, control), new(worker, arrived.Data, arrived.Control));
    }

    /// <summary>Prints a line past its connection.</summary>
    public void Print(string line, bool isError) => _worker.Print(line, isError);

    /// <summary>From now on every frame is kept for <see cref="Next"/>; without this the gateway's writes fill the connection.</summary>
    public void Listen() => new Thread(() => Read(_data, _frames, null)) { IsBackground = true }.Start();

    /// <summary>The next call; functions on the way are left out.</summary>
    public (Guid Id, WorkerInvoke Invoke, byte[] Payload) NextCall()
    {
        while (true)
        {
            var (kind, id, payload) = Next();
            if (kind == WorkerFrameKind.Invoke)
            {
                return (id, WorkerInvoke.Read(payload.ToArray(), out var size), payload[size..]);
            }

            Assert.Equal(WorkerFrameKind.Function, kind);
        }
    }

    public (WorkerFrameKind Kind, Guid Id, byte[] Payload) Next() => Take(_frames);

    /// <summary>Takes one more piece of the call's payload, if one comes in time.</summary>
    public bool NextInput(Guid id, int milliseconds)
    {
        if (!_frames.TryTake(out var frame, milliseconds))
        {
            return false;
        }

        Assert.Equal((WorkerFrameKind.Input, id), (frame.Kind, frame.Id));
        return true;
    }

    public (WorkerFrameKind Kind, Guid Id, byte[] Payload) NextControl() => Take(_controls);

    // What it is when nothing comes tells whose fault that is.
    private string State =>
        $"{(IsAlive ? "alive" : "ended")}, with {_frames.Count} frames, {_controls.Count} on control "
        + $"({string.Join(", ", _controls.Select(frame => frame.Kind))})";

    public int NextCredit(Guid id)
    {
        var control = NextControl();
        Assert.Equal((WorkerFrameKind.Credit, id, sizeof(int)), (control.Kind, control.Id, control.Payload.Length));
        return BinaryPrimitives.ReadInt32LittleEndian(control.Payload);
    }

    public int? TryNextCredit(Guid id, int milliseconds)
    {
        if (!_controls.TryTake(out var control, milliseconds))
        {
            return null;
        }

        Assert.Equal((WorkerFrameKind.Credit, id), (control.Kind, control.Id));
        return BinaryPrimitives.ReadInt32LittleEndian(control.Payload);
    }

    public bool HasFrame => _frames.Count > 0;

    public bool HasControl => _controls.Count > 0;

    /// <summary>Reads frames itself, without keeping them.</summary>
    public (WorkerFrameKind Kind, int Length) Skip() =>
        _data.TryRead(out var header, out var payload)
            ? (header.Kind, payload.Length)
            : throw new InvalidOperationException("The gateway closed the connection.");

    public void Send(WorkerFrameKind kind, Guid id, params ReadOnlySpan<byte> payload) => _data.Write(kind, id, payload);

    public void Disconnect()
    {
        _data.Dispose();
        _control.Dispose();
    }

    /// <summary>Ends, as a process does; the connections too, unless they outlive it.</summary>
    public void Exit() => _worker.Kill();

    /// <summary>Closes the connection that carries the calls.</summary>
    public void DisconnectData() => _data.Dispose();

    public void Dispose()
    {
        _worker.Kill();
        Disconnect();
    }

    private (WorkerFrameKind Kind, Guid Id, byte[] Payload) Take(BlockingCollection<(WorkerFrameKind, Guid, byte[])> frames)
    {
        Assert.True(frames.TryTake(out var frame, Eventually.Limit), $"no frame came to the worker {ProcessId}, which is {State}.");
        return frame;
    }

    private static WorkerConnection Dial(WorkerListener listener, string token, bool isControl)
    {
        var connection = new WorkerConnection(LocalSockets.Dial(listener.Path));
        connection.Write(
            WorkerFrameKind.Hello,
            Guid.Empty,
            WorkerHelloCodec.Write(
                new()
                {
                    Version = ProtocolVersion.Current,
                    Token = Convert.FromHexString(token),
                    IsControl = isControl,
                    ProcessId = Environment.ProcessId,
                }
            )
        );
        return connection;
    }

    private void DisconnectAfterExit()
    {
        if (!StaysConnected)
        {
            Disconnect();
        }
    }

    private void ReadControl()
    {
        Read(_control, _controls, Obey);
        _released.SetResult();
    }

    private void Obey(WorkerFrameKind kind)
    {
        if (kind == WorkerFrameKind.Stop && EndsWhenAsked)
        {
            _worker.Kill();
        }
    }

    private static void Read(
        WorkerConnection connection,
        BlockingCollection<(WorkerFrameKind, Guid, byte[])> frames,
        Action<WorkerFrameKind>? seen
    )
    {
        while (connection.TryRead(out var header, out var payload))
        {
            // What a worker is claimed as is no part of its calls.
            if (header.Kind != WorkerFrameKind.Claim)
            {
                frames.Add((header.Kind, header.Invocation, payload.ToArray()));
                seen?.Invoke(header.Kind);
            }
        }
    }
}
