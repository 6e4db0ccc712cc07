using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Invocations;

/// <summary><c>fal-serverless invocation cancel</c>.</summary>
internal static class InvocationCancelCommand
{
    public static Command Create()
    {
        var command = new Command("cancel", "Cancels a detached call; one that has ended stays what it is.");
        var options = new InvocationOptions(command);
        options.Run(
            async (parsed, host, call, token) =>
            {
                var detached = host.Detached;

                // A host that does not know a call and is asked to cancel it would not run it if it came yet; here a wrong id is more
                // likely.
                await detached.FindAsync(call, token);
                await detached.CancelAsync(call, token);
                var status = (await detached.FindAsync(call, token)).Status.ToString().ToLowerInvariant();
                if (options.IsJson(parsed))
                {
                    Output.Json(new JsonObject { ["id"] = call.ToString("n"), ["status"] = status });
                }
                else
                {
                    Output.Line($"The invocation {call:n} is {status}.");
                }
            }
        );
        return command;
    }
}
