namespace FalServerless.Runtime.Cli;

/// <summary>A command could not be carried out; the message is all that the user needs.</summary>
internal sealed class CliException(string message, Exception? cause = null) : Exception(message, cause);
