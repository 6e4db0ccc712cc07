using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Credentials;
using FalServerless.Internal;
using FalServerless.Protocol.Http;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Auth;

/// <summary><c>fal-serverless auth whoami</c>: which host and key programs of this user have here, and what the key may do.</summary>
internal static class AuthWhoamiCommand
{
    public static Command Create()
    {
        var command = new Command("whoami", "Shows the host and the key that programs use here, and asks the host what the key may do.");
        var options = new RemoteOptions(command);
        options.Run(
            command,
            async (parsed, host, token) =>
            {
                var key = await host.KeyAsync(token);
                var origin = CredentialResolver.OfProcess.Find(host.Address).Origin;
                if (options.IsJson(parsed))
                {
                    var facts = Json(host.Address, key);
                    facts["source"] = origin;
                    Output.Json(facts);
                }
                else
                {
                    Output.Facts(
                        ("Host", host.Address.ToString()),
                        ("Key", key.Id),
                        ("Name", key.Name ?? "-"),
                        ("Scope", key.Scope),
                        ("Created", Output.Time(key.Created)),
                        ("Expires", key.Expires is null ? "never" : Output.Time(key.Expires)),
                        ("From", origin)
                    );
                }
            }
        );
        return command;
    }

    public static JsonObject Json(HostAddress address, KeyRecord key) =>
        new()
        {
            ["host"] = address.ToString(),
            ["keyId"] = key.Id,
            ["name"] = key.Name,
            ["scope"] = key.Scope,
            ["created"] = Output.JsonTime(key.Created),
            ["expires"] = Output.JsonTime(key.Expires),
        };
}
