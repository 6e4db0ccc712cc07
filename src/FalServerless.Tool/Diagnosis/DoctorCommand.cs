using System.CommandLine;
using System.Text.Json.Nodes;
using FalServerless.Runtime.Configuration;
using FalServerless.Runtime.Diagnosis;
using FalServerless.Tool.Hosts;
using FalServerless.Tool.Serving;
using FalServerless.Tool.Terminal;
using Spectre.Console;

namespace FalServerless.Tool.Diagnosis;

/// <summary><c>fal-serverless doctor</c>: what works here, what does not, and what to do.</summary>
internal static class DoctorCommand
{
    private static readonly string[] Columns = ["STATE", "WHAT", "FOUND"];

    public static Command Create()
    {
        var command = new Command(
            "doctor",
            "Looks at what a host and its callers need on this machine: what works, what does not, what to do."
        );
        var remote = new RemoteOptions(command);
        var settings = new SettingOptions(command, SettingNames.State, "FAL_DATA", "FAL_ENVIRONMENTS");
        command.SetAction(
            (parsed, _) =>
                Interruption.RunAsync(async token =>
                {
                    var reader = settings.Read(parsed);
                    var host = HostSettings.Read(reader);
                    var state = ServeSettings.ReadState(reader);
                    if (reader.Errors.Count > 0)
                    {
                        throw SettingOptions.Wrong(reader);
                    }

                    List<Finding> findings =
                    [
                        DotnetCheck.Runtime(),
                        DotnetCheck.Sdk(),
                        DotnetCheck.Worker(),
                        await LimitsCheck.RunAsync(host.UsesCgroups),
                        await NamespaceCheck.RunAsync(host.UsesNamespaces),
                        await DockerCheck.RunAsync(),
                        GpuCheck.Run(host.Gpus),
                        .. Folders(state, host),
                        .. await RemoteAsync(remote, parsed, token),
                    ];
                    var isFit = !findings.Exists(finding => finding.Condition == Condition.Fails);
                    Print(findings, isFit, remote.IsJson(parsed));
                    return isFit ? 0 : 1;
                })
        );
        return command;
    }

    private static IEnumerable<Finding> Folders(string? state, HostSettings host)
    {
        (string Name, string? Path, string Setting)[] folders =
        [
            ("state folder", state, "--state or FAL_STATE"),
            ("data folder", host.DataDirectory ?? UserFolder.Path("data"), "--data or FAL_DATA"),
            ("environments folder", host.EnvironmentsDirectory ?? UserFolder.Path("environments"), "--environments or FAL_ENVIRONMENTS"),
            ("temporary folder", Path.TrimEndingDirectorySeparator(Path.GetTempPath()), "TMPDIR"),
        ];
        return folders.Select(folder =>
            folder.Path is { Length: > 0 } path
                ? FolderCheck.Run(folder.Name, path, folder.Setting, Output.Size)
                : Finding.Limited(folder.Name, "the user has no home folder", $"Name one with {folder.Setting}.")
        );
    }

    private static async Task<IReadOnlyList<Finding>> RemoteAsync(
        RemoteOptions remote,
        ParseResult parsed,
        CancellationToken cancellationToken
    )
    {
        const string Name = "host";
        try
        {
            return remote.Find(parsed) is { } address
                ? await new HostCheck(address, TimeProvider.System).RunAsync(cancellationToken)
                : [Finding.Works(Name, "none is configured: functions run on this machine (FalHost.Local)")];
        }
        catch (FalServerlessException e)
        {
            return [Finding.Fails(Name, e.Message, "Correct FAL_HOST, or run 'fal-serverless auth login'.")];
        }
    }

    private static void Print(IReadOnlyList<Finding> findings, bool isFit, bool json)
    {
        if (json)
        {
            Output.Json(new JsonObject { ["works"] = isFit, ["checks"] = new JsonArray([.. findings.Select(Json)]) });
            return;
        }

        Output.Table(
            Columns,
            [.. findings.Select(finding => new[] { Word(finding.Condition), finding.Name, finding.Found })],
            "",
            Colour,
            WrappedColumn.Wrap
        );
        var advice = findings.Where(finding => finding.Advice is not null).ToArray();
        if (advice.Length > 0)
        {
            Output.Line("");
            Output.Line("What to do:");
            foreach (var finding in advice)
            {
                Output.Paragraph($"{finding.Name}: {finding.Advice}", indent: 2);
            }
        }
    }

    private static string Word(Condition condition) => condition.ToString().ToLowerInvariant();

    private static Color? Colour(string word) =>
        word == Word(Condition.Works) ? Color.Green
        : word == Word(Condition.Limited) ? Color.Yellow
        : Color.Red;

    private static JsonNode Json(Finding finding) =>
        new JsonObject
        {
            ["name"] = finding.Name,
            ["state"] = Word(finding.Condition),
            ["found"] = finding.Found,
            ["advice"] = finding.Advice,
        };
}
