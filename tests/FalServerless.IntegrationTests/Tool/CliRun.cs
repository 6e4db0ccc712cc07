using System.Diagnostics;
using FalServerless.IntegrationTests.Programs;
using FalServerless.Tests.Shared.Processes;
using static FalServerless.IntegrationTests.Runtime.ServedHost;

namespace FalServerless.IntegrationTests.Tool;

/// <summary>
/// The command line as a program of its own, with nothing configured but what the test says. What it prints goes to pipes.
/// </summary>
internal sealed class CliRun : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly CancellationTokenSource _limit = new(Limit);

    private CliRun(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(_limit.Token);
    }

    /// <summary>Its standard output while it runs.</summary>
    public StreamReader Output => _process.StandardOutput;

    public static async Task<Outcome> RunAsync(IReadOnlyDictionary<string, string> settings, string input, params string[] arguments)
    {
        await using var run = Start(settings, input, arguments);
        return await run.EndAsync();
    }

    public static CliRun Start(IReadOnlyDictionary<string, string> settings, string input, params string[] arguments)
    {
        var start = ToolProgram.StartInfo();
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FAL_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return new(process);
    }

    /// <summary>Asks it to end. Ctrl-C does the same by another signal, which is ignored where the tests run in the background.</summary>
    public void Terminate() => Assert.True(ProcessTable.Terminate(_process.Id));

    public async Task<Outcome> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(_limit.Token);
        await _process.WaitForExitAsync(_limit.Token);
        return new(_process.ExitCode, output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _limit.Dispose();
    }
}
