using FalServerless.Hosts;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Transport;

/// <summary>A connection that breaks: the request is repeated under its id, and the body runs once.</summary>
public class RepeatedRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyRunsOnceWhenTheConnectionBreaksBeforeTheAnswer(bool overTcp)
    {
        using var local = new LocalHost();
        using var folder = new TemporaryFolder();
        await using var host = overTcp ? await ProxiedHost.StartOverTcpAsync(local) : await ProxiedHost.StartAsync(local);
        var path = folder.File("runs");
        var function = Isolated.Create((string text) => Append(path, text), new() { Host = host });
        Assert.Equal("warm", await function.InvokeAsync("warm", Token));

        host.CutOnce(cut => cut.AnswerBytes = 0);

        Assert.Equal("call", await function.InvokeAsync("call", Token));
        Assert.Equal(1, host.Cuts);
        Assert.Equal(["warm", "call"], File.ReadAllLines(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyRunsOnceWhenTheConnectionBreaksWhileItsPayloadIsUploaded(bool overTcp)
    {
        using var local = new LocalHost();
        using var folder = new TemporaryFolder();
        await using var host = overTcp ? await ProxiedHost.StartOverTcpAsync(local) : await ProxiedHost.StartAsync(local);
        var path = folder.File("runs");
        var function = Isolated.Create((byte[] bytes) => Append(path, $"{bytes.Length}"), new() { Host = host });
        Assert.Equal("0", await function.InvokeAsync([], Token));

        host.CutOnce(cut => cut.RequestBytes = 300_000);

        Assert.Equal("8000000", await function.InvokeAsync(new byte[8_000_000], Token));
        Assert.Equal(1, host.Cuts);
        Assert.Equal(["0", "8000000"], File.ReadAllLines(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyRunsOnceAndItsStreamArrivesWholeWhenTheConnectionBreaksInTheMiddle(bool overTcp)
    {
        using var local = new LocalHost();
        using var folder = new TemporaryFolder();
        await using var host = overTcp ? await ProxiedHost.StartOverTcpAsync(local) : await ProxiedHost.StartAsync(local);
        var path = folder.File("runs");
        var function = Isolated.Create((int count) => Count(path, count), new() { Host = host });
        Assert.Equal([0], await function.Invoke(1).ToListAsync(Token));

        host.CutOnce(cut => cut.AnswerBytes = 50_000);

        Assert.Equal(Enumerable.Range(0, 100_000), await function.Invoke(100_000).ToListAsync(Token));
        Assert.Equal(1, host.Cuts);
        Assert.Equal(["1", "100000"], File.ReadAllLines(path));
    }

    private static string Append(string path, string text)
    {
        File.AppendAllText(path, text + "\n");
        return text;
    }

    private static async IAsyncEnumerable<int> Count(string path, int count)
    {
        await File.AppendAllTextAsync(path, $"{count}\n");
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }
    }
}
