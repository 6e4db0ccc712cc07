using System.Runtime.CompilerServices;
using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless;

public sealed partial class IsolatedAction
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedAction On(
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
    public IsolatedAction On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}

public sealed partial class IsolatedAction<T>
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedAction<T> On(
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
    public IsolatedAction<T> On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}

public sealed partial class IsolatedAction<T1, T2>
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedAction<T1, T2> On(
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
    public IsolatedAction<T1, T2> On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}

public sealed partial class IsolatedAction<T1, T2, T3>
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedAction<T1, T2, T3> On(
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
    public IsolatedAction<T1, T2, T3> On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}

public sealed partial class IsolatedAction<T1, T2, T3, T4>
{
    /// <inheritdoc cref="IsolatedFunction{TResult}.Options"/>
    public IsolatedOptions Options => _call.Options;

    /// <inheritdoc cref="IsolatedFunction{TResult}.CodeIdentity"/>
    public string CodeIdentity => Function.Code.Identity.ToString();

    internal CapturedFunction Function => _call.Function;

    CapturedFunction IIsolatedFunction.Function => Function;

    /// <inheritdoc cref="IsolatedFunction{TResult}.On(FalHost?, MachineType?, TimeSpan?, IReadOnlyList{string}?, CloudKeyCredentials?,
    /// TimeSpan?, int?, int?, int?, int?, long?, TimeSpan?, int?, string?, Action{LogEntry}?)"/>
    public IsolatedAction<T1, T2, T3, T4> On(
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
    public IsolatedAction<T1, T2, T3, T4> On(Func<IsolatedOptions, IsolatedOptions> change) => new(Function, Options.With(change));
}
