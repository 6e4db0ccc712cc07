using System.Runtime.CompilerServices;
using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless;

/// <summary>What every isolated function has: where and how it runs, and the way to a copy that runs elsewhere or otherwise.</summary>
/// <typeparam name="TSelf">The function's own type.</typeparam>
public abstract class IsolatedTarget<TSelf>
    where TSelf : IsolatedTarget<TSelf>
{
    private protected IsolatedTarget(CapturedFunction function, IsolatedOptions options)
    {
        options.EnsureConsistent();
        Function = function;
        Options = options;
        Call = new(function, options);
    }

    /// <summary>Where and how the function runs.</summary>
    public IsolatedOptions Options { get; }

    /// <summary>
    /// What makes it the same function at its host: the SHA-256 of its code and of its assemblies, in 64 hexadecimal digits. Captured
    /// variables and options are no part of it. A client in another language, or the listing of a host, knows the function by it.
    /// </summary>
    /// <exception cref="CaptureException">An assembly of the function cannot be read.</exception>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function { get; }

    private protected FunctionCall Call { get; }

    /// <summary>
    /// The same function, running where and as the arguments say; what is not named stays as it is. This function does not change.
    /// </summary>
    /// <param name="host">See <see cref="IsolatedOptions.Host"/>.</param>
    /// <param name="machineType">See <see cref="IsolatedOptions.MachineType"/>.</param>
    /// <param name="keepAlive">See <see cref="IsolatedOptions.KeepAlive"/>.</param>
    /// <param name="requirements">See <see cref="IsolatedOptions.Requirements"/>; they replace those of this function.</param>
    /// <param name="credentials">See <see cref="IsolatedOptions.Credentials"/>.</param>
    /// <param name="timeout">See <see cref="IsolatedOptions.Timeout"/>.</param>
    /// <param name="minWorkers">See <see cref="IsolatedOptions.MinWorkers"/>.</param>
    /// <param name="maxWorkers">See <see cref="IsolatedOptions.MaxWorkers"/>.</param>
    /// <param name="callsPerWorker">See <see cref="IsolatedOptions.CallsPerWorker"/>.</param>
    /// <param name="recycleAfterCalls">See <see cref="IsolatedOptions.RecycleAfterCalls"/>.</param>
    /// <param name="recycleAboveBytes">See <see cref="IsolatedOptions.RecycleAboveBytes"/>.</param>
    /// <param name="cancellationGrace">See <see cref="IsolatedOptions.CancellationGrace"/>.</param>
    /// <param name="retries">See <see cref="IsolatedOptions.Retries"/>.</param>
    /// <param name="name">See <see cref="IsolatedOptions.Name"/>.</param>
    /// <param name="onLog">See <see cref="IsolatedOptions.OnLog"/>.</param>
    /// <exception cref="ArgumentException">A value is out of its range, no machine type has that name, or more workers are to stay than
    /// there may be.</exception>
    public TSelf On(
        FalHost? host = null,
        MachineType? machineType = null,
        TimeSpan? keepAlive = null,
        IReadOnlyList<string>? requirements = null,
        CloudKeyCredentials? credentials = null,
        TimeSpan? timeout = null,
        int? minWorkers = null,
        int? maxWorkers = null,
        int? callsPerWorker = null,
        int? recycleAfterCalls = null,
        long? recycleAboveBytes = null,
        TimeSpan? cancellationGrace = null,
        int? retries = null,
        string? name = null,
        Action<LogEntry>? onLog = null
    ) =>
        With(
            Options with
            {
                Host = host ?? Options.Host,
                MachineType = machineType ?? Options.MachineType,
                KeepAlive = keepAlive ?? Options.KeepAlive,
                Requirements = requirements ?? Options.Requirements,
                Credentials = credentials ?? Options.Credentials,
                Timeout = timeout ?? Options.Timeout,
                MinWorkers = minWorkers ?? Options.MinWorkers,
                MaxWorkers = maxWorkers ?? Options.MaxWorkers,
                CallsPerWorker = callsPerWorker ?? Options.CallsPerWorker,
                RecycleAfterCalls = recycleAfterCalls ?? Options.RecycleAfterCalls,
                RecycleAboveBytes = recycleAboveBytes ?? Options.RecycleAboveBytes,
                CancellationGrace = cancellationGrace ?? Options.CancellationGrace,
                Retries = retries ?? Options.Retries,
                Name = name ?? Options.Name,
                OnLog = onLog ?? Options.OnLog,
            }
        );

    /// <summary>
    /// The same function with changed options: <c>On(options => options with { Timeout = null })</c>. It can reset an option to null, which
    /// the named arguments cannot, as null leaves them as they are. This function does not change.
    /// </summary>
    /// <param name="change">Gets the options of this function and returns those of the new one.</param>
    /// <exception cref="ArgumentException">More workers are to stay than there may be, or the change returns null.</exception>
    [OverloadResolutionPriority(-1)]
    public TSelf On(Func<IsolatedOptions, IsolatedOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return With(
            change(Options)
                ?? throw new ArgumentException(
                    "The change returned null. Return the options, as in On(options => options with { Timeout = null }).",
                    nameof(change)
                )
        );
    }

    private protected abstract TSelf With(IsolatedOptions options);

    private protected async Task<Invocation> SubmitInputsAsync(object?[] inputs, CancellationToken cancellationToken)
    {
        var submitted = await Call.SubmitAsync(inputs, typeof(void), cancellationToken).ConfigureAwait(false);
        return Invocation.Submitted(submitted);
    }

    private protected async Task<Invocation<TResult>> SubmitInputsAsync<TResult>(object?[] inputs, CancellationToken cancellationToken)
    {
        var submitted = await Call.SubmitAsync(inputs, typeof(TResult), cancellationToken).ConfigureAwait(false);
        return new(submitted.Client, submitted.Id, InvocationStatus.Queued, submitted.Codecs);
    }
}
