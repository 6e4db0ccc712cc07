using FalServerless.Internal;
using FalServerless.Runtime.Diagnosis;
using FalServerless.Tests.Runtime.Scripted;

namespace FalServerless.Tests.Runtime.Diagnosis;

public class HostCheckTests
{
    [Fact]
    public async Task AClockThatIsNotTheHostsIsSaid()
    {
        await using var host = await ServedHost.StartAsync();

        // It begins at some moment of its own.
        var findings = await new HostCheck(HostAddress.Read(host.Address, out _)!, new ManualTime()).RunAsync(
            TestContext.Current.CancellationToken
        );

        Assert.Equal(Condition.Works, findings[0].Condition);
        Assert.Equal(("clock", Condition.Limited), (findings[1].Name, findings[1].Condition));
        Assert.Matches(@"^\d+ s (behind|ahead of) the host's$", findings[1].Found);
        Assert.Equal(("key", Condition.Fails), (findings[2].Name, findings[2].Condition));
    }

    [Fact]
    public void AFolderOnWhichNothingCanBeMadeFailsAndAnotherDoesNot()
    {
        using var folder = new TemporaryFolder();

        var made = FolderCheck.Run("data folder", folder.File("not/yet"), "--data", bytes => $"{bytes}");
        var none = FolderCheck.Run("data folder", "/proc/none", "--data", bytes => $"{bytes}");

        Assert.Equal((Condition.Works, Condition.Fails), (made.Condition, none.Condition));
        Assert.Contains("to be made", made.Found);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Contains("name another folder with --data", none.Advice);
    }
}
