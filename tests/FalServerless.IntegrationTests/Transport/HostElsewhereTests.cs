using FalServerless.Hosts;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Transport;

/// <summary>A real host that is reached by its address.</summary>
public class HostElsewhereTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallsLogsErrorsAndStreamsAreWhatTheyAreOnALocalHost()
    {
        using var local = new LocalHost();
        await using var host = await ProxiedHost.StartOverTcpAsync(local);
        var lines = new List<string>();
        var options = new IsolatedOptions { Host = host, OnLog = entry => lines.Add(entry.Message) };

        Assert.Equal(2, await Isolated.Create((int value) => Bodies.Increment(value), options).InvokeAsync(1, Token));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Isolated.FromDelegate(() => Say("before"), options).InvokeAsync(Token)
        );
        Assert.Equal("before and not after", error.Message);
        Assert.Equal(["before"], lines);
        Assert.Equal(
            Enumerable.Range(0, 10_000),
            await Isolated.Create((int count) => Numbers(count), options).Invoke(10_000).ToListAsync(Token)
        );
        Assert.Equal(8_000_000, (await Isolated.Create((byte[] bytes) => bytes, options).InvokeAsync(new byte[8_000_000], Token)).Length);
    }

    [Fact]
    public async Task FoldersGoThereAndBack()
    {
        using var data = new TemporaryFolder();
        using var local = new LocalHost(new Dictionary<string, string> { ["FAL_DATA"] = data.Path });
        await using var host = await ProxiedHost.StartOverTcpAsync(local);
        using var folder = new TemporaryFolder();
        var source = Directory.CreateDirectory(folder.File("source")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(source, "large"), new byte[3_000_000], Token);
        await File.WriteAllTextAsync(Path.Combine(source, "small"), "text", Token);

        await SyncDir.UploadAsync(source, "/data/elsewhere", new() { Host = host }, cancellationToken: Token);
        var back = await SyncDir.DownloadAsync("/data/elsewhere", folder.File("back"), new() { Host = host }, cancellationToken: Token);

        Assert.Equal(3_000_000, new FileInfo(Path.Combine(back, "large")).Length);
        Assert.Equal("text", await File.ReadAllTextAsync(Path.Combine(back, "small"), Token));
    }

    private static int Say(string line)
    {
        Console.WriteLine(line);
        throw new InvalidOperationException($"{line} and not after");
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        await Task.Yield();
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }
    }
}
