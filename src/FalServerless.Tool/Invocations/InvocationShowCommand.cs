using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Serialization.Text;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Invocations;

/// <summary><c>fal-serverless invocation show</c>: one detached call, and what went wrong with it.</summary>
internal static class InvocationShowCommand
{
    public static Command Create()
    {
        var command = new Command(
            "show",
            "Shows a detached call; of one that failed the type, the message and the remote stack of what was thrown."
        );
        var options = new InvocationOptions(command);
        options.Run(
            async (parsed, host, id, token) =>
            {
                var call = await host.Detached.FindAsync(id, token);
                var failure = await InvocationEnd.FailureAsync(host.Detached, call, token);
                if (options.IsJson(parsed))
                {
                    var json = InvocationListCommand.Json(call, call.Error ?? failure?.Headline);
                    json["failure"] = failure is null ? null : Json(failure);
                    Output.Json(json);
                    return;
                }

                Output.Facts(
                    ("id", call.Id.ToString("n")),
                    ("name", call.Name ?? "-"),
                    ("status", InvocationListCommand.Word(call.Status)),
                    ("machine type", call.MachineType),
                    ("requirements", call.Requirements.Count == 0 ? "-" : string.Join(", ", call.Requirements)),
                    ("created", Output.Time(call.Created)),
                    ("started", Output.Time(call.Started)),
                    ("ended", Output.Time(call.Ended)),
                    ("attempts", Output.Number(call.Attempts)),
                    ("key", call.Key),
                    ("error", call.Error ?? failure?.Headline ?? "-")
                );
                if (failure is not null)
                {
                    Output.Line("");
                    Output.Line(LogOutput.Text(failure.ToString()));
                }
            }
        );
        return command;
    }

    private static JsonObject Json(FailureText failure) =>
        new()
        {
            ["type"] = failure.Type,
            ["message"] = failure.Message,
            ["stackTrace"] = failure.StackTrace,
            ["inner"] = new JsonArray([
                .. failure
                    .Inner.Take(1000)
                    .Select(
                        JsonNode (inner) =>
                            new JsonObject
                            {
                                ["type"] = inner.Type,
                                ["message"] = inner.Message,
                                ["stackTrace"] = inner.StackTrace,
                            }
                    ),
            ]),
            ["text"] = failure.ToString(),
        };
}
