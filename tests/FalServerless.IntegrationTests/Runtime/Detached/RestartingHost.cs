using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using FalServerless.IntegrationTests.Programs;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Detached;

/// <summary>A served host in a folder of its own, which a test may end in any way and start again.</summary>
internal sealed class RestartingHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings;
    private readonly ConcurrentQueue<string> _said = new();
    private Process? _process;

    private RestartingHost(Dictionary<string, string> settings, string? state) =>
        (_settings, State) = (settings, state ?? _folder.File("state"));

    public string State { get; }

    public string Socket => _folder.File("host.sock");

    /// <summary>What it wrote to its error output by now.</summary>
    public string Said => string.Join('\n', _said);

    public int ProcessId => _process!.Id;

    public static async Task<RestartingHost> StartAsync(Dictionary<string, string>? settings = null, string? state = null)
    {
        var host = new RestartingHost(settings ?? [], state);
        await host.StartAgainAsync();
        return host;
    }

    /// <summary>Makes a key, and gives the host as it is with that key.</summary>
    public async Task<SocketHost> WithKeyAsync(string scope = "invoke") => new(Socket, await KeyAsync(scope));

    public async Task<string> KeyAsync(string scope = "invoke")
    {
        using var process = Start(["key", "create", "--state", State, "--scope", scope, "--json"]);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (string)JsonNode.Parse(output)!["key"]!;
    }

    public async Task StartAgainAsync()
    {
        _process?.Dispose();
        _process = Start(Serve());
        using var limit = new CancellationTokenSource(2 * Eventually.Limit);
        if (
            await _process.StandardOutput.ReadLineAsync(limit.Token) is not { } line
            || !line.Contains("listening", StringComparison.Ordinal)
        )
        {
            Assert.Fail($"The host did not start: {await _process.StandardError.ReadToEndAsync(limit.Token)}");
        }

        _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
    }

    /// <summary>Starts it where it must fail.</summary>
    public async Task<(int ExitCode, string Error)> FailToStartAsync()
    {
        using var process = Start(Serve());
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(2 * Eventually.Limit);
        return (process.ExitCode, error);
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end in good order, and waits for that.</summary>
    public Task<int> EndAsync()
    {
        AskToEnd();
        return EndedAsync();
    }

    public async Task<int> EndedAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(2 * Eventually.Limit);
        return _process.ExitCode;
    }

    public void AskToEnd() => _ = ProcessTable.Terminate(_process!.Id);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(Said);
        _process?.Dispose();
        _folder.Dispose();
    }

    private string[] Serve() => ["serve", "--urls", $"unix:{Socket}", "--state", State, "--data", _folder.File("data")];

    private Process Start(string[] arguments)
    {
        var start = ToolProgram.StartInfo();
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
