using System.Collections.Concurrent;
using System.Globalization;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Detached;

/// <summary>A host that is killed again and again under its detached calls.</summary>
public sealed class KilledHostTests
{
    private const int Calls = 200;
    private const int Kills = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NothingThatWasTakenInIsLostAndNothingRunsTwice()
    {
        using var folder = new TemporaryFolder();
        await using var served = await RestartingHost.StartAsync();
        var host = await served.WithKeyAsync();
        var path = folder.Path;
        var function = Isolated.Create(
            (int number) => DetachedBodies.NoteAndReturnAsync(path, number),
            new()
            {
                Host = host,
                MachineType = "S",
                MaxWorkers = 2,
            }
        );
        var taken = new ConcurrentDictionary<int, Invocation<int>>();
        var refused = 0;
        var submitting = Task.Run(
            async () =>
            {
                // Some come while the host is gone, and are refused or taken in by the next one.
                for (var number = 0; taken.Count < Calls; number++)
                {
                    try
                    {
                        taken[number] = await function.SubmitAsync(number, Token);
                    }
                    catch (HostUnreachableException)
                    {
                        refused++;
                    }
                }
            },
            Token
        );

        for (var kill = 1; kill <= Kills; kill++)
        {
            var reached = kill * Calls / (Kills + 2);
            await Eventually.TrueAsync(
                () => Directory.GetFiles(path).Length >= reached,
                2 * Eventually.Limit,
                () => $"{Directory.GetFiles(path).Length} of {reached} runs, {taken.Count} taken in. {served.Said}"
            );
            await served.KillAsync();
            await served.StartAgainAsync();
        }

        await submitting.WaitAsync(2 * Eventually.Limit, Token);
        var outcomes = await Task.WhenAll(
            taken.Select(async pair => (Number: pair.Key, Succeeded: await SucceedsAsync(pair.Value, pair.Key), pair.Value.Status))
        );

        var runs = Directory
            .GetFiles(path)
            .Select(file => int.Parse(Path.GetFileName(file).Split('-')[0], CultureInfo.InvariantCulture))
            .CountBy(number => number)
            .ToDictionary();
        var succeeded = outcomes.Count(outcome => outcome.Succeeded);
        var interrupted = outcomes.Length - succeeded;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{outcomes.Length} taken in, {refused} not; {Kills} kills; {succeeded} succeeded, {interrupted} interrupted "
                + $"({outcomes.Count(outcome => !outcome.Succeeded && runs.ContainsKey(outcome.Number))} of them had begun); "
                + $"{runs.Values.Sum()} runs of {runs.Count} calls."
        );
        Assert.True(outcomes.Length >= Calls);
        Assert.All(runs, run => Assert.True(run.Value == 1, $"call {run.Key} ran {run.Value} times."));
        Assert.All(
            outcomes,
            outcome =>
                Assert.True(
                    outcome.Succeeded ? runs.ContainsKey(outcome.Number) : outcome.Status == InvocationStatus.Interrupted,
                    $"{outcome}"
                )
        );
        // On each of two workers one that ran, and one whose end was on its way to the disk.
        Assert.InRange(interrupted, 0, Kills * 4);
    }

    private static async Task<bool> SucceedsAsync(Invocation<int> call, int number)
    {
        try
        {
            Assert.Equal(number, await call.GetResultAsync(Token).WaitAsync(2 * Eventually.Limit, Token));
            return true;
        }
        catch (WorkerCrashedException)
        {
            return false;
        }
    }
}
