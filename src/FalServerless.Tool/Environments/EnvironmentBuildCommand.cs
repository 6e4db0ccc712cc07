using System.CommandLine;
using FalServerless.Internal;
using FalServerless.Packages;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Environments;

/// <summary>
/// <c>fal-serverless environment build</c>: restores packages on a host, so that the first call that requires them need not wait.
/// </summary>
internal static class EnvironmentBuildCommand
{
    public static Command Create()
    {
        var command = new Command("build", "Restores packages on a host ahead of the calls that require them.");
        var requirements = new Argument<string[]>("requirement")
        {
            Description = "As functions have them: Humanizer.Core==2.14.1",
            Arity = ArgumentArity.OneOrMore,
        };
        requirements.Validators.Add(result =>
        {
            try
            {
                RequirementSet.Read([.. result.Tokens.Select(token => token.Value)]);
            }
            catch (ArgumentException e)
            {
                result.AddError(e.Message);
            }
        });
        command.Add(requirements);
        var options = new RemoteOptions(command);
        options.Run(
            command,
            async (parsed, host, token) =>
            {
                // What the build says is not what the command gives.
                var built = await host.BuildEnvironmentAsync(
                    parsed.GetValue(requirements)!,
                    entry => Console.Error.WriteLine(LogOutput.Line(entry, timestamps: false)),
                    token
                );
                if (options.IsJson(parsed))
                {
                    Output.Json(EnvironmentListCommand.Json(built));
                }
                else
                {
                    Output.Line(
                        $"The environment {EnvironmentKeys.Short(built.Key)} is there: {Plural.Of(built.Packages.Count, "package")}, "
                            + $"{Output.Size(built.Bytes)}."
                    );
                }
            }
        );
        return command;
    }
}
