using System.Net.Sockets;
using FalServerless.Protocol;
using FalServerless.Runtime.Data;
using FalServerless.Transport;

namespace FalServerless.Runtime.Workers;

/// <summary>A live worker as the gateway sees it. It runs one call at a time; a thread of its own reads what it answers.</summary>
internal sealed class WorkerHandle
{
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly WorkerProcess _process;
    private readonly WorkerConnection _data;
    private readonly WorkerConnection _control;
    private readonly HashSet<ContentHash> _functions = [];
    private readonly Dictionary<string, ContentHash> _images = new(StringComparer.OrdinalIgnoreCase);
    private Invocation? _running;
    private int _stopping;

    public WorkerHandle(WorkerProcess process, WorkerConnection data, WorkerConnection control, MachineType machineType)
    {
        _process = process;
        _data = data;
        _control = control;
        MachineType = machineType;
        process.LinePrinted = (line, isError) => Volatile.Read(ref _running)?.PostLine(line, isError);
    }

    public MachineType MachineType { get; }

    public int ProcessId => _process.Id;

    /// <summary>No call has run on it yet.</summary>
    public bool IsFresh { get; private set; } = true;

    /// <summary>Whether it holds no other build of an assembly that the function brings.</summary>
    public bool Accepts(StoredFunction function) =>
        _functions.Contains(function.Hash)
        || function.Assemblies.All(assembly => !_images.TryGetValue(assembly.Name, out var image) || image == assembly.Image);

    /// <summary>Starts to read. Both callbacks come on the reading thread.</summary>
    /// <param name="finished">A call has its answer and the worker is free again.</param>
    /// <param name="gone">The worker is gone; the call it was running then, if any.</param>
    public void Listen(Action<WorkerHandle, Invocation> finished, Action<WorkerHandle, Invocation?> gone) =>
        new Thread(() => Read(finished, gone)) { IsBackground = true, Name = $"worker {ProcessId}" }.Start();

    /// <summary>Sends the call. Only whoever leased the worker may.</summary>
    /// <returns>False when the worker is gone: then the call has not run.</returns>
    public bool TryStart(Invocation call)
    {
        IsFresh = false;
        Volatile.Write(ref _running, call);
        try
        {
            if (_functions.Add(call.Function.Hash))
            {
                foreach (var assembly in call.Function.Assemblies)
                {
                    _images[assembly.Name] = assembly.Image;
                }

                _data.Write(WorkerFrameKind.Function, Guid.Empty, call.Function.Definition.Span);
            }

            Span<byte> opening = stackalloc byte[WorkerInvoke.MaximumSize];
            var length = new WorkerInvoke
            {
                Function = call.Function.Hash,
                PayloadLength = (int)call.Payload.Length,
                IsConcurrent = false,
                MachineType = MachineType.Name,
            }.Write(opening);
            _data.Write(WorkerFrameKind.Invoke, call.Id, opening[..length], call.Payload);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return Interlocked.CompareExchange(ref _running, null, call) != call;
        }
    }

    /// <summary>Asks an idle worker to end, and ends it if it does not.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 1)
        {
            return;
        }

        try
        {
            _control.Write(WorkerFrameKind.Stop, Guid.Empty, []);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }

        _ = KillAfterGraceAsync();
    }

    public void Kill() => _process.Kill();

    public Task Exited => _process.Exited;

    public Task<string> DescribeEndAsync() => _process.DescribeEndAsync();

    public int? ExitCode => _process.ExitCode;

    private async Task KillAfterGraceAsync()
    {
        await Task.WhenAny(_process.Exited, Task.Delay(StopGrace));
        _process.Kill();
    }

    private void Read(Action<WorkerHandle, Invocation> finished, Action<WorkerHandle, Invocation?> gone)
    {
        try
        {
            while (_data.TryRead(out var header, out var payload))
            {
                Handle(header, payload, finished);
            }
        }
        catch (ProtocolException)
        {
            // What comes after a bad frame means nothing. The worker is not what it should be: it goes.
        }

        _process.Kill();
        _data.Dispose();
        _control.Dispose();
        gone(this, Interlocked.Exchange(ref _running, null));
    }

    private void Handle(WorkerFrameHeader header, ReadOnlyMemory<byte> payload, Action<WorkerHandle, Invocation> finished)
    {
        var call = Volatile.Read(ref _running);
        if (call is null || call.Id != header.Invocation)
        {
            // A line that a thread wrote after its call had ended.
            return;
        }

        var kind = header.Kind switch
        {
            WorkerFrameKind.Log => InvocationEventKind.Log,
            WorkerFrameKind.Result => InvocationEventKind.Result,
            WorkerFrameKind.Failure => InvocationEventKind.Failure,
            WorkerFrameKind.Refusal => InvocationEventKind.Refusal,
            _ => throw new ProtocolException($"A worker sent a frame of kind {header.Kind}."),
        };
        if (kind == InvocationEventKind.Log)
        {
            call.Post(kind, payload.Span);
        }
        else if (Interlocked.CompareExchange(ref _running, null, call) == call)
        {
            // The worker is free before the caller hears of it: whoever waits for one gets it that much sooner.
            finished(this, call);
            call.Post(kind, payload.Span);
        }
    }
}
