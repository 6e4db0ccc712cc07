using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Serialization.Cultures;
using FalServerless.Worker.Functions;
using FalServerless.Worker.Logs;

namespace FalServerless.Worker.Calls;

/// <summary>Runs a call's body and sends what comes of it: any number of items, then exactly one answer.</summary>
internal sealed class CallRunner
{
    private readonly FunctionRunner _functions;
    private readonly CallTable _calls;
    private readonly CallAnswers _answers;
    private readonly ProcessState? _state;
    private readonly ContextCallback _begin;
    private readonly ExecutionContext _clean;

    /// <param name="functions">Those that it runs.</param>
    /// <param name="calls">The calls that have no answer yet.</param>
    /// <param name="state">What is put back before a call; null where calls of others run beside these.</param>
    public CallRunner(FunctionRunner functions, CallTable calls, ProcessState? state)
    {
        _functions = functions;
        _calls = calls;
        _state = state;
        _answers = new(functions.Failures);
        _clean = functions.Flow();
        _begin = state => Begin((Call)state!);
    }

    /// <summary>
    /// Returns when the body has ended, or waits for something; then whichever thread completes it sends the answer.
    /// Nothing that the body leaves in its flow of execution stays on this thread.
    /// </summary>
    public void Run(Call call)
    {
        if (call.TryBegin())
        {
            if (_state is not null && _calls.Count == 1)
            {
                _state.Restore();
            }

            ExecutionContext.Run(_clean, _begin, call);
        }
    }

    private void Begin(Call call)
    {
        IsolatedContext.Current = call.Context;
        Answer answer;
        try
        {
            CultureFlow.Apply(call.Cultures);
            var body = _functions.Prepare(call.Function, call.Payload.Take());
            var pending = Invoke(body);
            if (body.IsStream || !pending.IsCompletedSuccessfully)
            {
                _ = FinishAsync(call, body, pending);
                return;
            }

            answer = _answers.OfResult(call, body, pending.Result);
        }
        catch (Exception e)
        {
            answer = _answers.OfPreparing(call, e);
        }

        Send(call, answer);
    }

    // Whatever the body throws, at once or later, is in the task.
    private static ValueTask<object?> Invoke(in PreparedCall body)
    {
        try
        {
            return body.InvokeAsync();
        }
        catch (Exception e)
        {
            return ValueTask.FromException<object?>(e);
        }
    }

    private async Task FinishAsync(Call call, PreparedCall body, ValueTask<object?> pending)
    {
        Answer answer;
        try
        {
            var value = await pending.ConfigureAwait(false);
            if (body.IsStream)
            {
                await ItemSender.SendAsync(call, body, value!).ConfigureAwait(false);
                value = null;
            }

            answer = _answers.OfResult(call, body, value);
        }
        catch (Exception e)
        {
            answer = _answers.OfException(call, e);
        }

        Send(call, answer);
    }

    private void Send(Call call, Answer answer)
    {
        call.EndLog();
        NativeOutput.Flush();
        if (answer.Bytes.Length <= ProtocolLimits.Chunk)
        {
            Close(call, answer, answer.Bytes.Written);
        }
        else
        {
            _ = SendLongAsync(call, answer);
        }
    }

    private async Task SendLongAsync(Call call, Answer answer)
    {
        if (await call.Events.SendChunksAsync(answer.Bytes.Written).ConfigureAwait(false) is { } rest)
        {
            Close(call, answer, rest);
        }
        else
        {
            answer.Bytes.Return();
            answer = CallAnswers.OfCancelled();
            Close(call, answer, answer.Bytes.Written);
        }
    }

    private void Close(Call call, Answer answer, in ReadOnlySequence<byte> lastPiece)
    {
        _calls.Remove(call);
        call.Events.SendAnswer(answer.Kind, lastPiece);
        answer.Bytes.Return();
    }
}
