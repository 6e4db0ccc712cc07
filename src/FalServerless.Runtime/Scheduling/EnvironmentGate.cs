using System.Buffers;
using System.Collections.Concurrent;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Environments;

namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// Calls that wait for their environment. They hear its build as lines of their log, and may be cancelled; the build goes on for those who
/// still wait.
/// </summary>
internal sealed class EnvironmentGate(EnvironmentStore store, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<HostCall, CancellationTokenSource> _waiting = new();
    private readonly KnownDefinitions _definitions = new();
    private volatile bool _disposed;

    /// <summary>
    /// Hands the call on with its environment: at once where that is in use already, else when it is there. Whatever fails comes back as
    /// the call's events.
    /// </summary>
    public void WaitFor(HostCall call, Action<HostCall, EnvironmentLease> ready)
    {
        EnvironmentDefinition definition;
        try
        {
            definition = _definitions.Find(call.Options.Requirements);
        }
        catch (ArgumentException e)
        {
            call.Refuse(new() { Reason = RefusalReason.Protocol, Message = e.Message });
            return;
        }

        if (store.TryShare(definition.Key) is { } use)
        {
            ready(call, use);
            return;
        }

        call.KeepPayload();
        var stop = new CancellationTokenSource();
        _waiting[call] = stop;
        if (_disposed || call.HasEnded)
        {
            Cancel(call);
        }

        _ = WaitAsync(call, definition, ready, stop);
    }

    public void Cancel(HostCall call)
    {
        if (_waiting.TryRemove(call, out var stop))
        {
            // On another thread: the handlers may take long, and the canceller should not wait for them.
            _ = stop.CancelAsync();
        }
    }

    /// <summary>Stops all builds, and waits until nothing is left of them.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (var call in _waiting.Keys)
        {
            Cancel(call);
        }

        await store.DisposeAsync();
    }

    private async Task WaitAsync(
        HostCall call,
        EnvironmentDefinition definition,
        Action<HostCall, EnvironmentLease> ready,
        CancellationTokenSource stop
    )
    {
        try
        {
            var use = await store.AcquireAsync(definition, (level, line) => Post(call, level, line), stop.Token);
            if (call.HasEnded)
            {
                use.Dispose();
            }
            else
            {
                ready(call, use);
            }
        }
        catch (EnvironmentBuildFailure e)
        {
            call.Refuse(
                new()
                {
                    Reason = RefusalReason.EnvironmentBuild,
                    Message = e.Message,
                    Requirement = e.Requirement,
                }
            );
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Nothing happens if it was the call that ended.
            call.Refuse(new() { Reason = RefusalReason.Host, Message = "The host is shutting down." });
        }
        catch (Exception e)
        {
            call.Refuse(
                new()
                {
                    Reason = RefusalReason.Host,
                    Message = $"The host failed while it made the environment of {string.Join(", ", definition.Requirements)}: {e.Message}",
                }
            );
        }
        finally
        {
            _waiting.TryRemove(call, out _);
        }
    }

    private void Post(HostCall call, LogEntryLevel level, string line)
    {
        var entry = new ArrayBufferWriter<byte>();
        LogEntryCodec.Write(entry, level, LogEntrySource.Build, time.GetUtcNow(), line);
        call.Post(InvocationEventKind.Log, EventSource.Once, entry.WrittenSpan);
    }
}
