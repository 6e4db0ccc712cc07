namespace FalServerless;

public sealed partial record IsolatedOptions
{
    internal IsolatedOptions With(
        FalHost? host,
        MachineType? machineType,
        TimeSpan? keepAlive,
        IReadOnlyList<string>? requirements,
        CloudKeyCredentials? credentials,
        TimeSpan? timeout,
        int? minWorkers,
        int? maxWorkers,
        int? callsPerWorker,
        int? recycleAfterCalls,
        long? recycleAboveBytes,
        TimeSpan? cancellationGrace,
        int? retries,
        string? name,
        Action<LogEntry>? onLog
    ) =>
        this with
        {
            Host = host ?? Host,
            MachineType = machineType ?? MachineType,
            KeepAlive = keepAlive ?? KeepAlive,
            Requirements = requirements ?? Requirements,
            Credentials = credentials ?? Credentials,
            Timeout = timeout ?? Timeout,
            MinWorkers = minWorkers ?? MinWorkers,
            MaxWorkers = maxWorkers ?? MaxWorkers,
            CallsPerWorker = callsPerWorker ?? CallsPerWorker,
            RecycleAfterCalls = recycleAfterCalls ?? RecycleAfterCalls,
            RecycleAboveBytes = recycleAboveBytes ?? RecycleAboveBytes,
            CancellationGrace = cancellationGrace ?? CancellationGrace,
            Retries = retries ?? Retries,
            Name = name ?? Name,
            OnLog = onLog ?? OnLog,
        };

    internal IsolatedOptions With(Func<IsolatedOptions, IsolatedOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change(this)
            ?? throw new ArgumentException(
                "The change returned null. Return the options, as in On(options => options with { Timeout = null }).",
                nameof(change)
            );
    }
}
