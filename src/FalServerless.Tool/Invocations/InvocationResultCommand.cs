using System.CommandLine;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Serialization.Text;
using FalServerless.Tool.Terminal;
using FalServerless.Transport;

namespace FalServerless.Tool.Invocations;

/// <summary>
/// <c>fal-serverless invocation result</c>: what a detached call gave, as JSON, as far as it is known without its types.
/// </summary>
internal static class InvocationResultCommand
{
    public static Command Create()
    {
        var command = new Command(
            "result",
            "Waits for a detached call and prints its result as JSON, a line for each item of a stream; fails as the call did."
        );
        new InvocationOptions(command).Run(
            async (_, host, call, token) =>
            {
                await host.Detached.FindAsync(call, token);
                using var events = new DetachedEvents(host.Detached, call, Routes.OnlyOutcome, from: 0, follow: true);
                var any = false;
                while (await events.ReadAsync(token) is (var kind, var payload))
                {
                    switch (kind)
                    {
                        case InvocationEventKind.Item:
                            Output.Line(ValueText.Read(payload)?.ToJsonString() ?? "null");
                            any = true;
                            break;
                        case InvocationEventKind.Result:
                            if (!any)
                            {
                                Output.Line(payload.IsEmpty ? "null" : ValueText.Read(payload)?.ToJsonString() ?? "null");
                            }

                            return;
                        case InvocationEventKind.Failure:
                            throw new CliException(
                                $"The invocation {call:n} failed: {LogOutput.Text(FailureText.Read(payload).ToString())}"
                            );
                        default:
                            throw new CliException($"The invocation {call:n} failed: {LogOutput.Text(RefusalCodec.Read(payload).Message)}");
                    }
                }
            }
        );
        return command;
    }
}
