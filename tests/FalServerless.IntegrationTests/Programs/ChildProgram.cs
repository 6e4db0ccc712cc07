using System.Diagnostics;
using System.Text.Json.Nodes;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Programs;

/// <summary>
/// A program that uses FalServerless, so that a test can see what remains once it has ended. It has a temporary folder of its own.
/// </summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    public const string Command = "child";

    /// <summary>Makes one call and ends.</summary>
    public const string Call = "call";

    /// <summary>Creates a function and ends at once, while the runtime may still be starting.</summary>
    public const string Create = "create";

    /// <summary>Has a call killed with its runtime, makes another one and ends.</summary>
    public const string Restart = "restart";

    /// <summary>Makes one call and ends by an exception that nobody catches.</summary>
    public const string Throw = "throw";

    /// <summary>Cancels a running call and ends at once.</summary>
    public const string Cancel = "cancel";

    /// <summary>Keeps several workers busy and waits to be killed.</summary>
    public const string Busy = "busy";

    /// <summary>Passes large values through a gateway and exits with the MiB that it grew by.</summary>
    public const string Pass = "pass";

    /// <summary>Has a worker keep something that notes its disposal in a file of this name, and ends.</summary>
    public const string Keep = "keep";

    /// <summary>Makes one call and prints the assemblies that are loaded then.</summary>
    public const string Loaded = "loaded";

    /// <summary>Uses an environment with a package, as a host does, and prints what it hears of the build.</summary>
    public const string Require = "require";

    /// <summary>Starts the host of a fixture and prints what its user is told of it.</summary>
    public const string Fixture = "fixture";

    /// <summary>Uploads the folder that <see cref="UploadFolder"/> names, once it has said that it is ready.</summary>
    public const string Upload = "upload";

    public const string UploadFolder = "FAL_TEST_UPLOAD";

    /// <summary>Captures and runs bodies of every kind, and prints what they give.</summary>
    public const string Bodies = "bodies";

    /// <summary>Makes one call and prints why there is no host for it.</summary>
    public const string Unhosted = "unhosted";

    /// <summary>Finds a call by the id that <c>FAL_TEST_ID</c> gives, and prints its result.</summary>
    public const string Find = "find";

    /// <summary>Has a body write to <c>/data</c>, and prints what another finds there and who it is.</summary>
    public const string Data = "data";

    /// <summary>How many workers <see cref="Busy"/> keeps busy.</summary>
    public const int BusyWorkers = 3;

    /// <summary>The line with which it says that it is.</summary>
    public const string Ready = "ready";

    private readonly Process _process;

    private ChildProgram(Process process, string temporary)
    {
        _process = process;
        Temporary = temporary;
    }

    public string Temporary { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <param name="mode">What it does.</param>
    /// <param name="temporary">Its temporary folder; a new one if it is not given.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="dotnet">The folder of another .NET than the one of this program.</param>
    /// <param name="switches">What an SDK would write into its runtimeconfig.json beside what is there.</param>
    public static ChildProgram Start(
        string mode,
        string? temporary = null,
        IReadOnlyDictionary<string, string>? settings = null,
        IReadOnlyDictionary<string, bool>? switches = null,
        string? dotnet = null
    )
    {
        temporary ??= Directory.CreateTempSubdirectory("fal.test").FullName;
        var start =
            switches is null && dotnet is null
                ? new ProcessStartInfo(Environment.ProcessPath!)
                : WithConfiguration(switches ?? new Dictionary<string, bool>(), dotnet, temporary);
        start.ArgumentList.Add(Command);
        start.ArgumentList.Add(mode);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment["TMPDIR"] = temporary;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, temporary);
    }

    /// <summary>
    /// The processes that this program started, its runtime and its workers, found by the private folder on their command lines.
    /// </summary>
    public IReadOnlyList<int> Descendants() => ProcessTable.Naming(Temporary);

    /// <summary>The folders that FalServerless left in this program's temporary folder.</summary>
    public string[] Folders() => Directory.GetDirectories(Temporary, "fal-*");

    public async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line == Ready)
            {
                return;
            }
        }

        Assert.Fail($"The program ended before it was ready: {await _process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var errors = _process.StandardError.ReadToEndAsync(limit.Token);
        await _process.StandardOutput.ReadToEndAsync(limit.Token);
        await errors;
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Its exit code and all that it printed.</summary>
    public async Task<(int ExitCode, string Output)> RunToEndAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        var errors = _process.StandardError.ReadToEndAsync(limit.Token);
        var output = await _process.StandardOutput.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, output + await errors);
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (Directory.Exists(Temporary))
        {
            Directory.Delete(Temporary, recursive: true);
        }
    }

    private static ProcessStartInfo WithConfiguration(IReadOnlyDictionary<string, bool> switches, string? dotnet, string temporary)
    {
        var program = typeof(ChildProgram).Assembly.Location;
        var config = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(program, ".runtimeconfig.json")))!;
        var properties = (JsonObject)(config["runtimeOptions"]!["configProperties"] ??= new JsonObject());
        foreach (var (name, value) in switches)
        {
            properties[name] = value;
        }

        if (dotnet is not null)
        {
            // As a console program has it, without what the tests need beside.
            config["runtimeOptions"]!.AsObject().Remove("frameworks");
            config["runtimeOptions"]!["framework"] = new JsonObject { ["name"] = "Microsoft.NETCore.App", ["version"] = "10.0.0" };
        }

        var path = Path.Combine(temporary, "runtimeconfig.json");
        File.WriteAllText(path, config.ToJsonString());
        var start = new ProcessStartInfo(
            dotnet is null ? "dotnet" : Path.Combine(dotnet, "dotnet"),
            ["exec", "--runtimeconfig", path, program]
        );
        start.Environment.Remove("DOTNET_ROOT");
        return start;
    }
}
