using FalServerless.Calls;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Transport;
using FalServerless.Worker.Events;
using FalServerless.Worker.Logs;
using Microsoft.Extensions.Logging;

namespace FalServerless.Worker.Calls;

/// <summary>One call, from its first frame to its answer.</summary>
internal sealed class Call : CallFacts
{
    private readonly WorkerInvoke _invoke;
    private readonly string _dataPath;
    private CancellationTokenSource? _cancellation;
    private CallLog? _log;
    private CallLogger? _logger;
    private int _begun;
    private volatile bool _isCancelled;
    private volatile bool _isEnding;

    public Call(Guid invocation, in WorkerInvoke invoke, WorkerConnection home, string dataPath)
    {
        InvocationId = invocation;
        _invoke = invoke;
        Cultures = invoke.Cultures.ToArray();
        _dataPath = dataPath;
        Events = new(invocation, home);
        Context = new(this);
    }

    /// <summary>Null outside any call: a timer or thread that a call left behind after its end still sees that call.</summary>
    public static Call? Current => IsolatedContext.Current?.Call as Call;

    public IsolatedContext Context { get; }

    public CallEvents Events { get; }

    public ContentHash Function => _invoke.Function;

    public int PayloadLength => _invoke.PayloadLength;

    public bool IsConcurrent => _invoke.IsConcurrent;

    /// <summary>The cultures of the caller.</summary>
    public ReadOnlyMemory<byte> Cultures { get; }

    /// <summary>The inputs and captured variables, until the body has them.</summary>
    public ReceivedPayload Payload { get; } = new();

    public bool IsCancelled => _isCancelled;

    /// <summary>Null once the call is being answered.</summary>
    public CallLog? Log
    {
        get
        {
            var log = Volatile.Read(ref _log);
            if (log is null)
            {
                log = new(Events);
                log = Interlocked.CompareExchange(ref _log, log, null) ?? log;
                if (_isEnding)
                {
                    log.Close();
                }
            }

            return _isEnding ? null : log;
        }
    }

    public override CancellationToken CancellationToken
    {
        get
        {
            var cancellation = Volatile.Read(ref _cancellation);
            if (cancellation is null)
            {
                cancellation = new();
                cancellation = Interlocked.CompareExchange(ref _cancellation, cancellation, null) ?? cancellation;
                if (_isCancelled)
                {
                    cancellation.Cancel();
                }
            }

            return cancellation.Token;
        }
    }

    public override Guid InvocationId { get; }

    public override MachineType MachineType => MachineType.Parse(_invoke.MachineType);

    public override string DataPath => _dataPath;

    public override ILogger Logger => _logger ??= new(() => Log);

    /// <summary>The thread that begins a call runs and answers it; a second one must not.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _begun, 1) == 0;

    /// <summary>Lets a running body know.</summary>
    /// <param name="isRead">Whether the caller continues to read; if not, what it has not taken by now, it never will.</param>
    public void Cancel(bool isRead)
    {
        _isCancelled = true;
        Interlocked.MemoryBarrier();

        // Callbacks are the body's code: they run on a thread of the pool, and what they throw is theirs.
        _ = Volatile.Read(ref _cancellation)?.CancelAsync();
        if (!isRead)
        {
            Events.Window.Abandon();
        }
    }

    /// <summary>Sends unfinished lines; what is written later is dropped.</summary>
    public void EndLog()
    {
        _isEnding = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _log)?.Close();
    }
}
