using FalServerless.IntegrationTests.Transport;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Sync;

public class BrokenConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AConnectionThatBreaksInAContentIsTakenUpWhereItBroke()
    {
        using var data = new DataHost();
        const int Size = 20_000_000;
        data.Write("large", new string('x', Size));
        await SyncDir.ListAsync(options: data.Options, cancellationToken: Token);
        await using var proxy = await ProxiedHost.StartAsync(data.Host);
        proxy.CutOnce(cut => cut.RequestBytes = Size / 2);
        var reports = new Reports();

        await SyncDir.UploadAsync(data.Local, "/data/x", new() { Host = proxy }, reports, Token);

        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(FolderImage.Of(data.Local), FolderImage.Of(Path.Combine(data.Files, "x")));

        // What was on its way when it broke goes again: what the connection and the host's buffers hold.
        Assert.InRange(reports.Last.BytesSent, Size, Size + 3_000_000);
        Assert.Equal((1, Size), (reports.Last.FilesDone, reports.Last.BytesDone));
    }

    [Fact]
    public async Task ADownloadThatBreaksGoesOnWhereItBroke()
    {
        using var data = new DataHost();
        const int Size = 20_000_000;
        data.Write("large", new string('x', Size));
        await SyncDir.UploadAsync(data.Local, "/data/x", data.Options, cancellationToken: Token);
        await using var proxy = await ProxiedHost.StartAsync(data.Host);
        proxy.CutOnce(cut => cut.AnswerBytes = Size / 2);
        var reports = new Reports();

        await SyncDir.DownloadAsync("/data/x", data.File("back"), new() { Host = proxy }, reports, Token);

        Assert.Equal(1, proxy.Cuts);
        Assert.Equal(FolderImage.Of(data.Local), FolderImage.Of(data.File("back")));
        Assert.Equal(Size, reports.Last.BytesSent);
    }
}
