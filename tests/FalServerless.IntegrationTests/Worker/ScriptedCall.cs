using System.Buffers;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Results;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>A call that a <see cref="ScriptedHome"/> sent, and every frame that came back.</summary>
internal sealed class ScriptedCall
{
    private const int CreditedAtOnce = ProtocolLimits.EventWindow / 4;

    private readonly ScriptedHome _home;
    private readonly Type _value;
    private readonly ValueSerializer _values;
    private readonly TaskCompletionSource<WorkerFrameKind> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> _chunks = new();
    private int _uncredited;
    private bool _readsOn;

    public ScriptedCall(ScriptedHome home, LambdaExpression body, object?[] inputs, Guid id)
    {
        _home = home;
        Id = id;
        var hoisted = ClosureHoister.Hoist(body);
        var bytes = new ArrayBufferWriter<byte>();
        ExpressionWriter.Write(bytes, hoisted.ToLambda());
        var closure = AssemblyClosure.Of(BodyAssemblies.Of(hoisted.Body, hoisted.Parameters, body.ReturnType));
        Code = new(BodyKind.Expression, bytes.WrittenMemory, closure);
        Definition = WorkerFunctionCodec.Write(
            new()
            {
                Function = Code.Identity,
                Manifest = Code.Manifest.ToArray(),
                AssemblyPaths = [.. closure.References.Select(reference => closure.FileOf(reference.Image))],
            }
        );
        _values = new(Code.Types);
        _value = ResultShape.Of(body.ReturnType).Value;
        var payload = new ArrayBufferWriter<byte>();
        object?[] all = [.. inputs, .. hoisted.Captured.Select(variable => variable.Read())];
        _values.WriteAll(payload, [.. hoisted.ToLambda().Parameters.Select(parameter => parameter.Type)], all);
        Payload = payload.WrittenSpan.ToArray();
    }

    public Guid Id { get; }

    public FunctionCode Code { get; }

    public byte[] Definition { get; }

    public byte[] Payload { get; }

    public ConcurrentQueue<LogEntry> Lines { get; } = new();

    public ConcurrentQueue<object?> Items { get; } = new();

    /// <summary>The kinds of all frames, in order.</summary>
    public ConcurrentQueue<WorkerFrameKind> Frames { get; } = new();

    public bool IsAnswered => _answer.Task.IsCompleted;

    /// <summary>What of the window the events take that were sent and not credited.</summary>
    public int Uncredited => Volatile.Read(ref _uncredited);

    public IEnumerable<string> Messages => Lines.Select(line => line.Message);

    private byte[] Outcome => _chunks.WrittenSpan.ToArray();

    public void Cancel() => _home.Cancel(Id);

    public void Input(Range range) => _home.Send(WorkerFrameKind.Input, Id, Payload.AsSpan(range));

    /// <summary>Takes all that has come, and goes on to take what comes.</summary>
    public void ReadOn()
    {
        Volatile.Write(ref _readsOn, true);
        Credit();
    }

    /// <summary>What the body returned.</summary>
    public async Task<object?> ResultAsync()
    {
        await AnswerAsync(WorkerFrameKind.Result);
        return Outcome.Length == 0 ? null : _values.Read(new(Outcome), _value);
    }

    public async Task<Exception> FailureAsync()
    {
        await AnswerAsync(WorkerFrameKind.Failure);
        return new FailureConverter(_values, Code.Types).Read(new(Outcome));
    }

    public async Task<Refusal> RefusalAsync()
    {
        await AnswerAsync(WorkerFrameKind.Refusal);
        return RefusalCodec.Read(new(Outcome));
    }

    public void Receive(WorkerFrameKind kind, byte[] payload)
    {
        Assert.False(IsAnswered, $"A frame of kind {kind} came after the answer.");
        Frames.Enqueue(kind);
        switch (kind)
        {
            case WorkerFrameKind.Log:
                Lines.Enqueue(LogEntryCodec.Read(new(payload)));
                Count(payload.Length);
                break;
            case WorkerFrameKind.Chunk:
                _chunks.Write(payload);
                Count(payload.Length);
                break;
            case WorkerFrameKind.Item:
                _chunks.Write(payload);
                Items.Enqueue(_values.Read(new(_chunks.WrittenMemory), _value));
                _chunks.ResetWrittenCount();
                Count(payload.Length);
                break;
            default:
                _chunks.Write(payload);
                _answer.SetResult(kind);
                break;
        }
    }

    public void Lose() => _answer.TrySetException(new InvalidOperationException("The worker is gone."));

    private void Count(int payload)
    {
        Interlocked.Add(ref _uncredited, payload + ProtocolLimits.EventCost);
        if (Volatile.Read(ref _readsOn) && Uncredited >= CreditedAtOnce)
        {
            Credit();
        }
    }

    private void Credit()
    {
        var bytes = Interlocked.Exchange(ref _uncredited, 0);
        if (bytes > 0)
        {
            _home.Credit(Id, bytes);
        }
    }

    private async Task AnswerAsync(WorkerFrameKind expected)
    {
        var kind = await _answer.Task.WaitAsync(Eventually.Limit);
        if (kind != expected && kind == WorkerFrameKind.Failure)
        {
            throw new FailureConverter(_values, Code.Types).Read(new(Outcome));
        }

        Assert.True(
            kind == expected,
            $"{expected} was expected, but {kind} came: {(kind == WorkerFrameKind.Refusal ? RefusalCodec.Read(new(Outcome)).Message : "")}"
        );
    }
}
