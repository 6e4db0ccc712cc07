using System.Diagnostics;
using System.Text;
using FalServerless.IntegrationTests.Programs;

namespace FalServerless.IntegrationTests.Tool;

/// <summary>The command line on a terminal, which util-linux's <c>script</c> makes.</summary>
internal static class TerminalRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <returns>All that the terminal showed, and the exit code.</returns>
    public static async Task<(string Output, int ExitCode)> RunAsync(
        IReadOnlyDictionary<string, string> settings,
        string input,
        string waitFor,
        params string[] arguments
    )
    {
        var program = ToolProgram.StartInfo();
        var words = program.ArgumentList.Prepend(program.FileName).Concat(arguments).Select(word => $"'{word}'");
        var start = new ProcessStartInfo(
            "script",
            ["--quiet", "--return", "--echo", "never", "--command", string.Join(' ', words), "/dev/null"]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("FAL_", StringComparison.Ordinal) || name is "NO_COLOR" or "CI")
                .ToArray()
        )
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = new StringBuilder();
            var buffer = new char[1024];
            var isAnswered = waitFor.Length == 0;
            while (await process.StandardOutput.ReadAsync(buffer, limit.Token) is > 0 and var count)
            {
                output.Append(buffer, 0, count);
                if (!isAnswered && output.ToString().Contains(waitFor, StringComparison.Ordinal))
                {
                    isAnswered = true;
                    await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
                    await process.StandardInput.FlushAsync(limit.Token);
                }
            }

            await process.WaitForExitAsync(limit.Token);
            return (output.ToString(), process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
