using System.CommandLine;

namespace FalServerless.Tool.Workers;

/// <summary>The worker that a command is about.</summary>
internal static class WorkerArgument
{
    public static Argument<string> Create() => new("id") { Description = "The worker's id, as 'worker list' shows it." };
}
