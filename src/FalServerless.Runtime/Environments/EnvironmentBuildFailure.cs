namespace FalServerless.Runtime.Environments;

/// <summary>An environment could not be built; nothing is left of the attempt.</summary>
/// <param name="message">What failed and what to do, for the caller.</param>
/// <param name="requirement">The requirement that failed, as the caller wrote it; null where none can be named.</param>
/// <param name="cause">What was found on the way, if anything.</param>
internal sealed class EnvironmentBuildFailure(string message, string? requirement = null, Exception? cause = null)
    : Exception(message, cause)
{
    public string? Requirement => requirement;
}
