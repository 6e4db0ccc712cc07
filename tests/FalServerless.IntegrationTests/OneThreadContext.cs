using System.Collections.Concurrent;

namespace FalServerless.IntegrationTests;

/// <summary>What a user interface has: all continuations run on one thread, which nothing runs on while it is blocked.</summary>
internal sealed class OneThreadContext : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

    public OneThreadContext()
    {
        var thread = new Thread(() =>
        {
            SetSynchronizationContext(this);
            foreach (var (callback, state) in _posted.GetConsumingEnumerable())
            {
                callback(state);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
    }

    public override void Post(SendOrPostCallback callback, object? state) => _posted.Add((callback, state));

    public Task<T> Run<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            _ =>
            {
                try
                {
                    result.SetResult(function());
                }
                catch (Exception e)
                {
                    result.SetException(e);
                }
            },
            null
        );
        return result.Task;
    }
}
