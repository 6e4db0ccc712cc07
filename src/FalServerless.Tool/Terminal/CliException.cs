namespace FalServerless.Tool.Terminal;

/// <summary>A command could not be carried out; the message is all that the user needs.</summary>
internal sealed class CliException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether it is the command line or a setting that is wrong, so that trying again is useless.</summary>
    public bool IsUsage { get; init; }
}
