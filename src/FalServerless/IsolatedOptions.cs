using FalServerless.Internal;
using FalServerless.Packages;
using FalServerless.Protocol;

namespace FalServerless;

/// <summary>Where and how a function runs. Everything has a default; <c>On(…)</c> changes single ones of an existing function.</summary>
public sealed partial record IsolatedOptions
{
    /// <summary>
    /// Where the function runs; null, the default, is the host that <c>FAL_HOST</c> names, else the one of the profile that
    /// <c>fal-serverless auth login</c> has written, else <see cref="FalHost.Local"/>.
    /// </summary>
    public FalHost? Host { get; init; }

    /// <summary>The size of the worker; by default <c>XS</c>.</summary>
    public MachineType MachineType { get; init; }

    /// <summary>
    /// How long an idle worker stays after a call, ready for the next one; by default 10 seconds. Each call starts it again.
    /// Zero gives every call a process of its own.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or longer than 49 days.</exception>
    public TimeSpan KeepAlive
    {
        get;
        init => field = Validate.Time(value, nameof(KeepAlive));
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The NuGet packages that the worker has, with all that they depend on; none by default, 256 at most. What they bring wins over what
    /// is sent with the function. The list is copied. Each entry is
    /// <list type="table">
    /// <item><term><c>Name</c></term><description>the newest stable version at the time when the host builds the environment; it stays that
    /// one until the environment is removed</description></item>
    /// <item><term><c>Name==1.2.3</c></term><description>that version; <c>Name==1.2.*</c> is the newest one that begins
    /// so</description></item>
    /// <item><term><c>Name&gt;=1.2</c></term><description>the lowest version from there on that all other packages agree with, as in
    /// NuGet</description></item>
    /// <item><term><c>Name[1.0,2.0)</c></term><description>the lowest version within; a bracket includes its version, a parenthesis does
    /// not, and either may be left out</description></item>
    /// </list>
    /// </summary>
    /// <exception cref="ArgumentException">The list or an entry is null, an entry has none of these forms, or two ask for different
    /// versions of one package.</exception>
    public IReadOnlyList<string> Requirements
    {
        get;
        init => field = RequirementSet.Copy(value, nameof(Requirements));
    } = [];

    /// <summary>
    /// The key that calls bring to their host; null, the default, is the one that is configured for it: see
    /// <see cref="FalHost.At(string)"/>. <see cref="FalHost.Local"/> needs none.
    /// </summary>
    public CloudKeyCredentials? Credentials { get; init; }

    /// <summary>
    /// How long a call may take on its host, waiting for a worker included; then it fails with a <see cref="TimeoutException"/> and its
    /// worker is stopped. Null, the default, is without limit.
    /// For a detached call it begins when a worker has the call, at each try: such a call waits for its worker as long as it takes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is zero, negative, or longer than 49 days.</exception>
    public TimeSpan? Timeout
    {
        get;
        init => field = Validate.PositiveTime(value, nameof(Timeout));
    }

    /// <summary>
    /// How many workers stay ready for the function from its first call on, without regard to <see cref="KeepAlive"/>, 0 to 65535; by
    /// default none. They end with their host, or when a call cannot run for lack of their place.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public int MinWorkers
    {
        get;
        init => field = Validate.MinWorkers(value, nameof(MinWorkers));
    }

    /// <summary>
    /// How many workers may run the function at once, 1 to 65535; further calls wait. Null, the default, is what the host has.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public int? MaxWorkers
    {
        get;
        init => field = Validate.Workers(value, nameof(MaxWorkers));
    }

    /// <summary>
    /// How many calls a worker runs at once, 1 to 65535; by default 1, and then nothing else runs beside a body. With more, calls share one
    /// process: its memory, its statics and its end.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public int CallsPerWorker
    {
        get;
        init => field = Validate.Calls(value, nameof(CallsPerWorker));
    } = 1;

    /// <summary>After how many calls a worker is replaced by a new one, at least 1; null, the default, is never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public int? RecycleAfterCalls
    {
        get;
        init => field = (int?)Validate.Positive(value, nameof(RecycleAfterCalls));
    }

    /// <summary>
    /// A worker whose process holds more than so many bytes of memory after a call is replaced by a new one, at least 1; null, the default,
    /// is never.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public long? RecycleAboveBytes
    {
        get;
        init => field = Validate.Positive(value, nameof(RecycleAboveBytes));
    }

    /// <summary>
    /// How long a body may go on after its call was cancelled or its <see cref="Timeout"/> was over, to leave things in order; by default 5
    /// seconds. It is notified by <see cref="IsolatedContext.CancellationToken"/>. After that its worker is killed and replaced. The caller
    /// does not wait for it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or longer than 49 days.</exception>
    public TimeSpan CancellationGrace
    {
        get;
        init => field = Validate.Time(value, nameof(CancellationGrace));
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many times a detached call (<c>SubmitAsync</c>) is run again when its worker crashed, or its host ended, while it ran; 0 to 100,
    /// by default 0. What the body throws is its outcome and never a reason to run it again. The tries are 1, 2, 4… and at most 60 seconds
    /// apart. Other calls are never run again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public int Retries
    {
        get;
        init => field = Validate.Range(value, 0, ProtocolLimits.MaximumRetries, nameof(Retries));
    }

    /// <summary>A name for logs and listings; null, the default, is none.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Receives each line that a call logs, while it runs and in order. Null, the default, writes the lines as they are to this program's
    /// console: standard output to standard output, standard error to standard error; with the host of <c>AddFalServerless</c> to the
    /// program's loggers, under the category <c>FalServerless.Functions</c> and the <see cref="Name"/>. A line that is not ended is
    /// received half a second after it was begun.
    /// </summary>
    public Action<LogEntry>? OnLog { get; init; }

    /// <summary>Checks the options that limit each other, once all are known.</summary>
    internal IsolatedOptions EnsureConsistent() =>
        MinWorkers > MaxWorkers
            ? throw new ArgumentException(
                $"MinWorkers is {MinWorkers} and MaxWorkers is {MaxWorkers}: no more workers can stay than there may be. Lower "
                    + $"MinWorkers, or raise MaxWorkers.",
                "options"
            )
            : this;
}
