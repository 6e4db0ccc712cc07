using System.Diagnostics;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker.Functions;

/// <summary>What the program of that name prints: what its bodies find around them, a line for each thing.</summary>
public sealed class SurroundingsRun : IAsyncLifetime
{
    private static readonly string Folder = AppContext.BaseDirectory.Replace(
        "FalServerless.IntegrationTests",
        "SurroundingsProgram",
        StringComparison.Ordinal
    );

    public IReadOnlyDictionary<string, string> Found { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(Folder, "SurroundingsProgram"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var program = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Eventually.Limit);
        var errors = program.StandardError.ReadToEndAsync(limit.Token);
        var output = await program.StandardOutput.ReadToEndAsync(limit.Token);
        await program.WaitForExitAsync(limit.Token);
        Assert.True(program.ExitCode == 0, output + await errors);
        Found = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(" = ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
