using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker.Calls;

public class ConcurrentCallsTests
{
    private const int AtOnce = 6;

    [Fact]
    public async Task ConcurrentBodiesThatBlockRunAtOnce()
    {
        using var folder = new TemporaryFolder();
        await using var home = new ScriptedHome();
        var file = folder.File("go");
        var blocked = Enumerable
            .Range(0, AtOnce)
            .Select(_ => home.Invoke(() => Bodies.SayAndWaitFor("blocked", file), isConcurrent: true))
            .ToArray();
        foreach (var call in blocked)
        {
            await Eventually.TrueAsync(() => call.Messages.Contains("blocked"), () => "A call has not begun.");
        }

        await home.Invoke(() => Go(file), isConcurrent: true).ResultAsync();

        foreach (var call in blocked)
        {
            Assert.Equal(true, await call.ResultAsync());
        }
    }

    [Fact]
    public async Task EachLineGoesToItsOwnCallWhicheverWayItIsWritten()
    {
        using var folder = new TemporaryFolder();
        await using var home = new ScriptedHome();
        var (a, b) = (folder.File("a"), folder.File("b"));

        var first = home.Invoke(() => WorkerBodies.WriteEveryWay("a", a, b), isConcurrent: true);
        var second = home.Invoke(() => WorkerBodies.WriteEveryWay("b", b, a), isConcurrent: true);

        foreach (var (name, call) in new[] { ("a", first), ("b", second) })
        {
            await call.ResultAsync();
            var expected = Enumerable
                .Range(0, 100)
                .SelectMany(i => new[] { $"{name} console {i}", $"{name} trace {i}", $"{name} logger {i}", $"{name} task {i}" });
            Assert.Equal(expected, call.Messages);
        }
    }

    private static int Go(string file)
    {
        File.WriteAllText(file, "");
        return 0;
    }
}
