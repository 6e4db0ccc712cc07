namespace FalServerless;

/// <summary>
/// The packages that a function requires could not be provided: one does not exist, no version fits, two contradict each other, or the host
/// cannot restore. Nothing is left of the attempt; the next call tries again. What NuGet printed came as log lines of
/// <see cref="LogEntrySource.Build"/>.
/// </summary>
public sealed class EnvironmentBuildException : FalServerlessException
{
    /// <summary>Creates the error with a message that says what failed and what to try.</summary>
    /// <param name="message">What failed, in NuGet's own words where it was NuGet that said so, and what to try.</param>
    /// <param name="requirement">The requirement that failed; null where none can be named.</param>
    /// <param name="innerException">What was found on the way, if anything.</param>
    public EnvironmentBuildException(string message, string? requirement = null, Exception? innerException = null)
        : base(message, innerException) => Requirement = requirement;

    /// <summary>The requirement that failed, as the function has it; null where none can be named.</summary>
    public string? Requirement { get; }
}
