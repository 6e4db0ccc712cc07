using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Functions;
using FalServerless.Transport;

namespace FalServerless.Runtime.Workers;

/// <summary>A live worker as the gateway sees it: what is sent to it, and a thread of its own that reads what it answers.</summary>
internal sealed class WorkerHandle : ICallWorker
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    // Control frames are few and small. A payload may have to wait for a worker that collects garbage or has a small share of a processor.
    private static readonly TimeSpan ControlPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DataPatience = TimeSpan.FromSeconds(30);

    private readonly IWorker _worker;
    private readonly WorkerConnection _data;
    private readonly WorkerConnection _control;
    private readonly FrameSender _toData;
    private readonly FrameSender _toControl;
    private readonly WorkerFunctions _functions = new();
    private readonly RunningCalls _calls = new();
    private readonly Lock _starting = new();
    private int _stopping;
    private bool _isGone;

    public WorkerHandle(IWorker worker, WorkerConnection data, WorkerConnection control)
    {
        _worker = worker;
        _data = data;
        _control = control;
        _toData = new(data, DataPatience, () => KillAsStuck(DataPatience));
        _toControl = new(control, ControlPatience, () => KillAsStuck(ControlPatience));
        worker.LinePrinted = PostLine;
        worker.WaitForRoom = () =>
        {
            foreach (var call in _calls.All)
            {
                call.Events.WaitForRoom();
            }
        };
    }

    /// <summary>What it was claimed as.</summary>
    public MachineType MachineType { get; private set; }

    /// <summary>The packages that it was claimed with; null for none.</summary>
    public ClaimedEnvironment? ClaimedEnvironment { get; private set; }

    public string Id => _worker.Id;

    /// <summary>When it was there.</summary>
    public DateTimeOffset StartedAt { get; } = TimeProvider.System.GetUtcNow();

    /// <summary>How much memory its process holds now; zero when that is gone.</summary>
    public long ResidentBytes => _worker.ResidentBytes;

    /// <summary>What its calls wrote and its process printed last.</summary>
    public WorkerLog Log { get; } = new();

    public Task Exited => _worker.Exited;

    /// <summary>Whether it holds no other build of an assembly that the function brings.</summary>
    public bool Accepts(StoredFunction function) => _functions.Accepts(function);

    /// <summary>Has the worker hold the function's assemblies from now on, and no other build of them.</summary>
    public void Reserve(StoredFunction function) => _functions.Reserve(function);

    /// <summary>
    /// Gives the pre-warmed worker its machine type and environment, once. Comes before anything else that is sent to it.
    /// </summary>
    /// <remarks>If the worker is gone, the first call finds out.</remarks>
    public void Claim(MachineType machineType, ClaimedEnvironment? environment)
    {
        MachineType = machineType;
        ClaimedEnvironment = environment;
        _functions.Provided = environment?.AssemblyNames;
        var claim = new WorkerClaim { HeapLimit = _worker.HeapLimit(machineType), EnvironmentPath = environment?.Path };
        try
        {
            _worker.Limit(machineType);
            _toData.Write(WorkerFrameKind.Claim, Guid.Empty, WorkerClaimCodec.Write(claim));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The thread that reads its answers notices its end.
        }
        catch (IOException e)
        {
            // Either it has ended, and its group with it, or it would run without the limits of its machine type.
            _worker.Kill($"It could not be limited to machine type '{machineType}'. {e.Message}");
        }
    }

    /// <summary>Starts to read. Both callbacks come on the reading thread.</summary>
    /// <param name="answered">A call has its answer, and its place in the worker is free.</param>
    /// <param name="gone">The worker is gone; the calls that it had not answered.</param>
    public void Listen(Action<HostCall> answered, Action<IReadOnlyList<HostCall>> gone) =>
        new Thread(() => Read(answered, gone)) { IsBackground = true, Name = $"worker {Id}" }.Start();

    /// <summary>Sends the call, for which a slot must have been leased.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isConcurrent">Whether others may come while it runs.</param>
    /// <returns>False when the worker is gone: then the call has not run.</returns>
    public bool TryStart(HostCall call, bool isConcurrent)
    {
        // A function is sent before its first call, whichever of several threads sends that. A call that could not be sent whole has not
        // begun: the reader does not take it for one that the worker had.
        lock (_starting)
        {
            if (_isGone)
            {
                return false;
            }

            _calls.Add(call);
            call.Worker = this;
            try
            {
                Send(call, isConcurrent);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                _calls.Remove(call);
                return false;
            }
        }

        if (call.IsCancelled)
        {
            // The cancellation may have gone ahead of the call.
            Cancel(call);
        }

        call.Upload?.Start(this, call.Id);
        return true;
    }

    public async ValueTask<bool> TrySendInputAsync(Guid id, ReadOnlySequence<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            _toData.Write(WorkerFrameKind.Input, id, [], piece);
            await _toData.WaitForRoomAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Tells the worker, once, that a call is cancelled; it answers it all the same. A second word would come when the call is answered,
    /// and be taken for one that came ahead of a repetition.
    /// </summary>
    public void Cancel(HostCall call)
    {
        if (call.TryMarkCancelSent())
        {
            Control(WorkerFrameKind.Cancel, call.Id, call.IsLeft && !call.HasEnded ? [1] : []);
        }
    }

    public void Credit(HostCall call, int bytes)
    {
        Span<byte> credit = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(credit, bytes);
        Control(WorkerFrameKind.Credit, call.Id, credit);
    }

    /// <summary>Asks an idle worker to end, and ends it if it does not.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 0)
        {
            Control(WorkerFrameKind.Stop, Guid.Empty, []);
            _ = KillAfterGraceAsync();
        }
    }

    /// <summary>
    /// As <see cref="Stop"/>, for a host that ends soon: the worker disposes of what it keeps as fast as this machine can, and not as fast
    /// as its machine type.
    /// </summary>
    public void StopForHostEnd()
    {
        _worker.LiftCpuLimit();
        Stop();
    }

    public void Kill() => _worker.Kill();

    /// <summary>Ends it for a reason that its calls are then told.</summary>
    public void Kill(string reason) => _worker.Kill(reason);

    /// <summary>How the process ended; waits a little for that.</summary>
    public Task<WorkerEnd> EndAsync() => _worker.EndAsync();

    private void Send(HostCall call, bool isConcurrent)
    {
        if (_functions.TryMarkSent(call.Function))
        {
            _toData.Write(WorkerFrameKind.Function, Guid.Empty, call.Function.Definition.Span);
        }

        var invoke = new WorkerInvoke
        {
            Function = call.Function.Hash,
            PayloadLength = call.PayloadLength,
            IsConcurrent = isConcurrent,
            MachineType = MachineType.Name,
            Cultures = call.Cultures,
        };
        Span<byte> opening = stackalloc byte[invoke.MaximumSize];
        var length = invoke.Write(opening);
        _toData.Write(WorkerFrameKind.Invoke, call.Id, opening[..length], call.Payload);
    }

    private async Task KillAfterGraceAsync()
    {
        await Task.WhenAny(_worker.Exited, Task.Delay(StopGrace));
        _worker.Kill();
    }

    private void Control(WorkerFrameKind kind, Guid id, ReadOnlySpan<byte> payload)
    {
        try
        {
            _toControl.Write(kind, id, payload);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
    }

    private void KillAsStuck(TimeSpan patience) =>
        _worker.Kill($"It read nothing of what the host sent for {patience.TotalSeconds:0} s: it was stopped, or hangs.");

    private void PostLine(string line, bool isError)
    {
        var entry = new ArrayBufferWriter<byte>();
        LogEntryCodec.Write(
            entry,
            isError ? LogEntryLevel.Error : LogEntryLevel.Info,
            LogEntrySource.User,
            TimeProvider.System.GetUtcNow(),
            line
        );
        Log.Add(entry.WrittenSpan);
        foreach (var call in _calls.All)
        {
            call.Post(InvocationEventKind.Log, EventSource.Pipe, entry.WrittenSpan);
        }
    }

    private void Read(Action<HostCall> answered, Action<IReadOnlyList<HostCall>> gone)
    {
        try
        {
            while (_data.TryRead(out var header, out var payload, ProtocolLimits.MaximumEvent))
            {
                Handle(header, payload.Span, answered);
            }
        }
        catch (ProtocolException)
        {
            // What comes after a bad frame means nothing. The worker is not what it should be: it goes.
            _worker.Kill();
        }

        // Threads that are sending a call learn now that they cannot. This comes before the wait for the end of the process: no call is to
        // be sent to it meanwhile.
        _data.Dispose();
        IReadOnlyList<HostCall> running;
        lock (_starting)
        {
            _isGone = true;
            running = _calls.TakeAll();
        }

        gone(running);
        _worker.KillUnlessEnding();
        _control.Dispose();
    }

    private void Handle(WorkerFrameHeader header, ReadOnlySpan<byte> payload, Action<HostCall> answered)
    {
        var kind = header.Kind switch
        {
            WorkerFrameKind.Log => InvocationEventKind.Log,
            WorkerFrameKind.Chunk => InvocationEventKind.Chunk,
            WorkerFrameKind.Item => InvocationEventKind.Item,
            WorkerFrameKind.Result => InvocationEventKind.Result,
            WorkerFrameKind.Failure => InvocationEventKind.Failure,
            WorkerFrameKind.Refusal => InvocationEventKind.Refusal,
            _ => throw new ProtocolException($"A worker sent a frame of kind {header.Kind}."),
        };
        if (_calls.Find(header.Invocation) is not { } call)
        {
            // A line that a thread wrote after its call had ended.
            return;
        }

        if (!InvocationEvent.Ends(kind))
        {
            if (kind == InvocationEventKind.Log)
            {
                Log.Add(payload);
            }

            call.Post(kind, EventSource.Window, payload);
            return;
        }

        // What the process printed past its console stands in its pipes by now, and belongs before the answer.
        _worker.DrainOutput();
        if (_calls.Remove(call))
        {
            if (_calls.All.Count == 0)
            {
                _worker.ForgetOutput();
            }

            // The worker is free before the caller is told: a waiting call gets it that much sooner.
            answered(call);
            call.Post(kind, EventSource.Once, payload);
        }
    }
}
