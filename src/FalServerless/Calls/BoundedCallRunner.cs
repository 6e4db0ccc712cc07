using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FalServerless.Internal;

namespace FalServerless.Calls;

/// <summary>
/// Makes a call for each input, at most so many ahead of the reader of the results. Inputs are read when there is room for their calls.
/// </summary>
internal sealed class BoundedCallRunner<TInput, TResult>
{
    private const int DefaultConcurrency = 16;

    private readonly IAsyncEnumerable<TInput> _inputs;
    private readonly Func<TInput, int, CancellationToken, Task<TResult>> _call;
    private readonly bool _isOrdered;
    private readonly int _concurrency;

    /// <exception cref="ArgumentOutOfRangeException">The concurrency is out of range.</exception>
    public BoundedCallRunner(
        IAsyncEnumerable<TInput> inputs,
        Func<TInput, int, CancellationToken, Task<TResult>> call,
        bool isOrdered,
        int? concurrency
    )
    {
        _concurrency = Validate.Concurrency(concurrency, DefaultConcurrency, nameof(concurrency));
        (_inputs, _call, _isOrdered) = (inputs, call, isOrdered);
    }

    /// <param name="cancellationToken">Given with the inputs.</param>
    /// <param name="readersToken">The reader's own token.</param>
    public async IAsyncEnumerable<TResult> RunAsync(
        CancellationToken cancellationToken,
        [EnumeratorCancellation] CancellationToken readersToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        readersToken.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, readersToken);
        var inputs = _inputs.GetAsyncEnumerator(stop.Token);
        var calls = new HashSet<Task<TResult>>();
        var ended = Channel.CreateUnbounded<Task<TResult>>();
        var results = new Queue<Task<TResult>>();
        Task<bool>? next = null;
        var count = 0;
        var isAtEnd = false;
        try
        {
            while (true)
            {
                // An input that is not there yet holds up no result.
                while (!isAtEnd && calls.Count < _concurrency && (next ??= inputs.MoveNextAsync().AsTask()).IsCompleted)
                {
                    isAtEnd = !await next.ConfigureAwait(false);
                    next = null;
                    if (!isAtEnd)
                    {
                        var call = CallAsync(inputs.Current, count++, stop.Token);
                        calls.Add(call);
                        if (_isOrdered)
                        {
                            results.Enqueue(call);
                        }

                        Announce(call, ended.Writer);
                    }
                }

                while (ended.Reader.TryRead(out var call))
                {
                    if (!call.IsCompletedSuccessfully)
                    {
                        // A failure is reported before all results.
                        await WithTokenAsync(call, cancellationToken, readersToken).ConfigureAwait(false);
                    }

                    if (!_isOrdered)
                    {
                        results.Enqueue(call);
                    }
                }

                if (results.TryPeek(out var first) && first.IsCompletedSuccessfully)
                {
                    yield return await results.Dequeue().ConfigureAwait(false);
                    calls.Remove(first);
                }
                else if (calls.Count == 0 && isAtEnd)
                {
                    yield break;
                }
                else
                {
                    await WithTokenAsync(WaitAsync(ended.Reader, next, stop.Token), cancellationToken, readersToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(calls)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await EndAsync(inputs, next).ConfigureAwait(false);
        }
    }

    private async Task<TResult> CallAsync(TInput input, int index, CancellationToken cancellationToken)
    {
        try
        {
            return await _call(input, index, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            FailedInput.Mark(e, index);
            throw;
        }
    }

    private static void Announce(Task<TResult> call, ChannelWriter<Task<TResult>> ended) =>
        call.ContinueWith(
            static (call, ended) => ((ChannelWriter<Task<TResult>>)ended!).TryWrite(call),
            ended,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

    // Until a call has ended or an input can be read.
    private static async Task WaitAsync(ChannelReader<Task<TResult>> ended, Task<bool>? next, CancellationToken cancellationToken)
    {
        var call = ended.WaitToReadAsync(cancellationToken).AsTask();
        await (next is null ? call : await Task.WhenAny(call, next).ConfigureAwait(false)).ConfigureAwait(false);
    }

    // The error carries the token that was cancelled.
    private static async Task WithTokenAsync(Task task, CancellationToken cancellationToken, CancellationToken readersToken)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested || readersToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(
                e.Message,
                e,
                cancellationToken.IsCancellationRequested ? cancellationToken : readersToken
            );
        }
    }

    // Inputs that do not look at their token are not waited for.
    private static async Task EndAsync(IAsyncEnumerator<TInput> inputs, Task<bool>? next)
    {
        if (next is { IsCompleted: false })
        {
            _ = next.ContinueWith(
                static (_, inputs) => ((IAsyncEnumerator<TInput>)inputs!).DisposeAsync().AsTask(),
                inputs,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            return;
        }

        await inputs.DisposeAsync().ConfigureAwait(false);
    }
}
