using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Credentials;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Auth;

/// <summary><c>fal-serverless auth logout</c>: forgets the host and the key. The key stays good.</summary>
internal static class AuthLogoutCommand
{
    public static Command Create()
    {
        var command = new Command("logout", "Forgets the host and the key that 'auth login' has remembered.");
        var json = Output.JsonOption();
        command.Add(json);
        command.SetAction(parsed =>
        {
            var removed = ProfileFile.Delete(AuthProfile.Path);
            if (parsed.GetValue(json))
            {
                Output.Json(new JsonObject { ["profile"] = AuthProfile.Path, ["removed"] = removed });
            }
            else
            {
                Output.Line(
                    removed
                        ? $"'{AuthProfile.Path}' is removed. The key itself stays good; its host ends that with: fal-serverless key revoke"
                        : $"Nothing was remembered: there is no '{AuthProfile.Path}'."
                );
            }

            return 0;
        });
        return command;
    }
}
