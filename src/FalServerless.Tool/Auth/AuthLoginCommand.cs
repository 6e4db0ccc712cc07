using System.CommandLine;
using FalServerless.Credentials;
using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Protocol.Http;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Auth;

/// <summary><c>fal-serverless auth login</c>: remembers a host and a key for it, once the host has taken the key.</summary>
internal static class AuthLoginCommand
{
    private const int LongestKey = 2048;

    public static Command Create()
    {
        var command = new Command(
            "login",
            "Remembers a host and a key of it for this user's programs. The key is asked for, read from the input, or taken from FAL_KEY."
        );
        var host = new Option<string>("--host")
        {
            Description = "The host's address; else that of FAL_HOST, else it is asked for.",
            HelpName = "url",
        };
        var fromInput = new Option<bool>("--key-stdin") { Description = "Read the key, id:secret, from the first line of the input." };
        var json = Output.JsonOption();
        command.Add(host);
        command.Add(fromInput);
        command.Add(RefusedKey());
        command.Add(json);
        command.SetAction(
            (parsed, _) =>
                Interruption.RunAsync(async token =>
                {
                    var address = Host(parsed.GetValue(host));
                    var (credentials, origin) = Key(parsed.GetValue(fromInput));
                    if (!address.IsSecure && !address.IsLoopback)
                    {
                        Console.Error.WriteLine($"fal-serverless: warning: {address} has no TLS: the key can be read on its way there.");
                    }

                    var client = await new CloudHost(
                        new() { Address = address, CertificateFile = AuthProfile.Variable(Transport.HostTrust.Variable) },
                        key: new(credentials, origin)
                    ).ConnectAsync(token);
                    var key = await new HostClient(address, client).KeyAsync(token);
                    ProfileFile.Write(AuthProfile.Path, new(address, credentials));
                    Print(address, key, parsed.GetValue(json));
                    return 0;
                })
        );
        return command;
    }

    // Its error says why not; without the option, the error about it would repeat the secret.
    private static Option<string> RefusedKey()
    {
        var key = new Option<string>("--key") { Hidden = true };
        key.Validators.Add(result =>
            result.AddError(
                "A key is not taken from the command line, where everybody on this machine can read it, and where it stays in the "
                    + "shell's history. Pipe it in with --key-stdin, set FAL_KEY, or let it be asked for. If the key that was given "
                    + "is a real one, revoke it: fal-serverless key revoke"
            )
        );
        return key;
    }

    private static HostAddress Host(string? given)
    {
        if (given is not null)
        {
            return RemoteOptions.Read(given, "--host");
        }

        return AuthProfile.Variable(Variables.Host) is { } configured ? RemoteOptions.Read(configured, Variables.Host)
            : Prompt.IsPossible ? RemoteOptions.Read(Prompt.Ask("Host, as https://fal.example.org:"), "The host")
            : throw new CliException("Which host? Name it with --host https://…") { IsUsage = true };
    }

    private static (CloudKeyCredentials Credentials, string Origin) Key(bool fromInput)
    {
        if (fromInput)
        {
            return Read(
                FirstLine(Console.In)
                    ?? throw new CliException("--key-stdin: the input has no key; it is one line, id:secret.") { IsUsage = true },
                "the input"
            );
        }

        if (AuthProfile.Variable(Variables.Key) is { } key)
        {
            return Read(key, Variables.Key);
        }

        return AuthProfile.Variable(Variables.KeyId) is { } id && AuthProfile.Variable(Variables.KeySecret) is { } secret
                ? Read($"{id}:{secret}", $"{Variables.KeyId} and {Variables.KeySecret}")
            : Prompt.IsPossible ? Read(Prompt.AskHidden("Key, id:secret (not shown):"), "the prompt")
            : throw new CliException(
                $"Which key? Pipe it in with --key-stdin, or set {Variables.Key}=id:secret. On a terminal it is asked for. A key is "
                    + $"made on the host with: fal-serverless key create"
            )
            {
                IsUsage = true,
            };
    }

    private static (CloudKeyCredentials Credentials, string Origin) Read(string text, string origin) =>
        (
            CloudKeyCredentials.Read(text.Trim(), out var fault)
                ?? throw new CliException($"What came from {origin} is not a valid key: {fault}") { IsUsage = true },
            origin
        );

    private static string? FirstLine(TextReader input)
    {
        var line = new System.Text.StringBuilder();
        while (line.Length <= LongestKey && input.Read() is >= 0 and not '\n' and var letter)
        {
            line.Append((char)letter);
        }

        return line.ToString().Trim() is { Length: > 0 } text ? text : null;
    }

    private static void Print(HostAddress address, KeyRecord key, bool json)
    {
        foreach (
            var name in AuthProfile
                .Stronger()
                .Where(name => name != Variables.Host || HostAddress.Read(AuthProfile.Variable(name)!, out _) != address)
        )
        {
            Console.Error.WriteLine($"fal-serverless: warning: {name} is set here, and programs believe it before the profile.");
        }

        if (json)
        {
            var facts = AuthWhoamiCommand.Json(address, key);
            facts["profile"] = AuthProfile.Path;
            Output.Json(facts);
        }
        else
        {
            Output.Line(
                $"{address} has taken the key {key.Id}: scope {key.Scope}, "
                    + $"{(key.Expires is null ? "good until it is revoked" : $"good until {Output.Time(key.Expires)}")}."
            );
            Output.Line($"Both are remembered in '{AuthProfile.Path}'.");
        }
    }
}
