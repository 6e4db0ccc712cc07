using System.Diagnostics;
using FalServerless.IntegrationTests.Wire;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

/// <summary>A client that shares nothing with ours, written after docs/protocol.md alone.</summary>
public class PythonClientTests
{
    private const int MostLines = 80;

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Runtime", "Gateway", "python_client.py");

    [Fact]
    public async Task AFunctionThatAProgramHasSentIsInvokedFromPythonByItsHash()
    {
        PythonPeer.SkipUnlessInstalled();
        await using var served = await ServedHost.StartAsync();
        var greet = Isolated.FromDelegate(
            (string name, int times) =>
            {
                for (var i = 1; i <= times; i++)
                {
                    Console.WriteLine($"line {i} for {name}");
                }

                return new Dictionary<string, int[]> { [name] = [.. Enumerable.Range(1, times)] };
            },
            new() { Host = served.Host, OnLog = _ => { } }
        );
        await greet.InvokeAsync("Ada", 1, TestContext.Current.CancellationToken);

        var (exit, output) = await RunAsync(served, greet.CodeIdentity, "\"Grace Ünï\"", "3");

        Assert.Equal(
            ["log line 1 for Grace Ünï", "log line 2 for Grace Ünï", "log line 3 for Grace Ünï", "result {\"Grace Ünï\": [1, 2, 3]}"],
            output
        );
        Assert.Equal(0, exit);
    }

    [Fact]
    public async Task WhatABodyReturnsInChunksOrThrowsAndWhatAHostRefusesIsReadFromPython()
    {
        PythonPeer.SkipUnlessInstalled();
        await using var served = await ServedHost.StartAsync();
        var text = Isolated.Create((int length) => new string('x', length), new() { Host = served.Host });
        Assert.Equal("x", await text.InvokeAsync(1, TestContext.Current.CancellationToken));

        var whole = await RunAsync(served, text.CodeIdentity, "300000");
        var failed = await RunAsync(served, text.CodeIdentity, "-1");
        var unknown = await RunAsync(served, new string('0', 64), "1");

        Assert.Equal([$"result \"{new string('x', 300_000)}\""], whole.Lines);
        Assert.Equal(0, whole.Exit);
        Assert.Equal(1, failed.Exit);
        Assert.Contains(failed.Lines, line => line.StartsWith("failed: ", StringComparison.Ordinal));
        Assert.Equal(1, unknown.Exit);
        Assert.StartsWith("refused with 404, reason 2: ", unknown.Lines[^1]);
    }

    [Fact]
    public void TheClientIsShort() => Assert.InRange(File.ReadLines(Script).Count(), 1, MostLines);

    private static async Task<(int Exit, string[] Lines)> RunAsync(ServedHost served, string function, params string[] inputs)
    {
        using var process = Process.Start(
            new ProcessStartInfo(PythonPeer.Python, [Script, served.Address.ToString(), served.Key.Text, function, .. inputs])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["PYTHONIOENCODING"] = "utf-8" },
            }
        )!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Eventually.Limit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, (output + await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            process.Kill();
        }
    }
}
