using System.Runtime.CompilerServices;
using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless;

public sealed partial class IsolatedFunction<TResult>
{
    /// <summary>Where and how the function runs.</summary>
    public IsolatedOptions Options => _call.Options;

    /// <summary>
    /// What makes it the same function at its host: the SHA-256 of its code and of its assemblies, in 64 hexadecimal digits. Captured
    /// variables and options are no part of it. A client in another language, or the listing of a host, knows the function by it.
    /// </summary>
    /// <exception cref="CaptureException">An assembly of the function cannot be read.</exception>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

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
    public IsolatedFunction<TResult> On(
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
        new(
            Function,
            Options.With(
                host,
                machineType,
                keepAlive,
                requirements,
                credentials,
                timeout,
                minWorkers,
                maxWorkers,
                callsPerWorker,
                recycleAfterCalls,
                recycleAboveBytes,
                cancellationGrace,
                retries,
                name,
                onLog
            )
        );

    /// <summary>
    /// The same function with changed options: <c>On(options => options with { Timeout = null })</c>. It can reset an option to null, which
    /// the named arguments cannot, as null leaves them as they are. This function does not change.
    /// </summary>
    /// <param name="change">Gets the options of this function and returns those of the new one.</param>
    /// <exception cref="ArgumentException">More workers are to stay than there may be, or the change returns null.</exception>
    [OverloadResolutionPriority(-1)]
    public IsolatedFunction<TResult> On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}

public sealed partial class IsolatedFunction<T, TResult>
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedFunction<T, TResult> On(
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
        new(
            Function,
            Options.With(
                host,
                machineType,
                keepAlive,
                requirements,
                credentials,
                timeout,
                minWorkers,
                maxWorkers,
                callsPerWorker,
                recycleAfterCalls,
                recycleAboveBytes,
                cancellationGrace,
                retries,
                name,
                onLog
            )
        );

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(Func{IsolatedOptions, IsolatedOptions})"/>
    [OverloadResolutionPriority(-1)]
    public IsolatedFunction<T, TResult> On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}

public sealed partial class IsolatedFunction<T1, T2, TResult>
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedFunction<T1, T2, TResult> On(
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
        new(
            Function,
            Options.With(
                host,
                machineType,
                keepAlive,
                requirements,
                credentials,
                timeout,
                minWorkers,
                maxWorkers,
                callsPerWorker,
                recycleAfterCalls,
                recycleAboveBytes,
                cancellationGrace,
                retries,
                name,
                onLog
            )
        );

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(Func{IsolatedOptions, IsolatedOptions})"/>
    [OverloadResolutionPriority(-1)]
    public IsolatedFunction<T1, T2, TResult> On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}

public sealed partial class IsolatedFunction<T1, T2, T3, TResult>
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedFunction<T1, T2, T3, TResult> On(
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
        new(
            Function,
            Options.With(
                host,
                machineType,
                keepAlive,
                requirements,
                credentials,
                timeout,
                minWorkers,
                maxWorkers,
                callsPerWorker,
                recycleAfterCalls,
                recycleAboveBytes,
                cancellationGrace,
                retries,
                name,
                onLog
            )
        );

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(Func{IsolatedOptions, IsolatedOptions})"/>
    [OverloadResolutionPriority(-1)]
    public IsolatedFunction<T1, T2, T3, TResult> On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}

public sealed partial class IsolatedFunction<T1, T2, T3, T4, TResult>
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedFunction<T1, T2, T3, T4, TResult> On(
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
        new(
            Function,
            Options.With(
                host,
                machineType,
                keepAlive,
                requirements,
                credentials,
                timeout,
                minWorkers,
                maxWorkers,
                callsPerWorker,
                recycleAfterCalls,
                recycleAboveBytes,
                cancellationGrace,
                retries,
                name,
                onLog
            )
        );

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(Func{IsolatedOptions, IsolatedOptions})"/>
    [OverloadResolutionPriority(-1)]
    public IsolatedFunction<T1, T2, T3, T4, TResult> On(Func<IsolatedOptions, IsolatedOptions> change) =>
        new(Function, Options.With(change));
}
