namespace FalServerless.Testing;

/// <summary>
/// What the host of a <see cref="LocalHostFixture"/> has. Everything has a default: what <see cref="FalHost.Local"/> has.
/// </summary>
public sealed record LocalHostOptions
{
    /// <summary>How many processors the workers share, such as 2 or 0.5; null, the default, is those of the machine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public double? Cpus
    {
        get;
        init =>
            field = value is null or > 0 and < double.PositiveInfinity
                ? value
                : throw OutOfRange(value, nameof(Cpus), "a positive number of processors");
    }

    /// <summary>How many bytes of memory the workers share; null, the default, is what the machine has.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public long? MemoryBytes
    {
        get;
        init => field = value is null or > 0 ? value : throw OutOfRange(value, nameof(MemoryBytes), "a positive number of bytes");
    }

    /// <summary>
    /// The models of the GPUs that the host says it has, such as <c>T4</c> or <c>A100</c>; null, the default, looks for those of the
    /// machine.
    /// </summary>
    public IReadOnlyList<string>? Gpus { get; init; }

    /// <summary>
    /// How many started workers wait for a call of any kind; null, the default, is 1. With 0, each worker starts when a call needs it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int? Prewarmed
    {
        get;
        init => field = value is null or >= 0 ? value : throw OutOfRange(value, nameof(Prewarmed), "a number of workers, or 0");
    }

    /// <summary>
    /// Whether the environments are those of the user, the default: the packages of a requirement are restored once, for all tests and
    /// programs. With <c>false</c> the host has its own, restores what its functions require, and forgets it at the end.
    /// </summary>
    public bool SharesEnvironments { get; init; } = true;

    private static ArgumentOutOfRangeException OutOfRange(object? value, string option, string expected) =>
        new(option, value, $"{option} must be {expected}, or null for the default.");
}
