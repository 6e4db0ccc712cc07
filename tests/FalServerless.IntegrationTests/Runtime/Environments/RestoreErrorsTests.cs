using System.Collections.Concurrent;
using FalServerless.Runtime.Environments;
using FalServerless.Tests.Shared.Environments;

namespace FalServerless.IntegrationTests.Runtime.Environments;

public class RestoreErrorsTests
{
    [Theory]
    [InlineData("NU1101: Unable to find package No.Such", "No.Such", "Present==1.0", "No.Such")]
    [InlineData("NU1102: Unable to find package present with version (= 9.0.0)", " present == 9.0", " present == 9.0")]
    [InlineData("NU1103: Unable to find a stable package Early with version", "Early[1.0,2.0)", "Early[1.0,2.0)", "Present")]
    [InlineData("NU1107: Version conflict detected for Shared", "Left|Right", "Left", "Right", "Present")]
    [InlineData("NU1202: Package Newer 1.0.0 is not compatible with net10.0", "Newer", "Newer", "Present")]
    [InlineData("NU1605: Detected package downgrade: Shared from 2.0.0 to 1.0.0", "Shared==1.0", "Present", "Right", "Shared==1.0")]
    public async Task NuGetsOwnWordsComeWithTheRequirementThatFailed(string words, string failed, params string[] requirements)
    {
        using var feed = new PackageFeed();
        feed.Add("Present", "1.0.0", 1);
        feed.Add("Early", "1.5.0-beta", 1);
        feed.Add("Newer", "1.0.0", 1, "net99.0");
        feed.Add("Shared", "1.0.0", 1);
        feed.Add("Shared", "2.0.0", 2);
        feed.Add("Left", "1.0.0", 1, "net10.0", ("Shared", "[1.0.0]"));
        feed.Add("Right", "1.0.0", 1, "net10.0", ("Shared", "[2.0.0]"));
        await using var store = feed.Store();
        var lines = new ConcurrentQueue<(LogEntryLevel Level, string Line)>();

        var error = await Assert.ThrowsAsync<EnvironmentBuildFailure>(() =>
            store.AcquireAsync(
                PackageFeed.Definition(requirements),
                (level, line) => lines.Enqueue((level, line)),
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.True(Array.Exists(failed.Split('|'), name => name == error.Requirement), error.Requirement);
        Assert.DoesNotContain("environment.csproj", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(feed.Environments, error.Message, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Level == LogEntryLevel.Error && line.Line.StartsWith(words, StringComparison.Ordinal));
        Assert.Equal(["locks"], Directory.EnumerateDirectories(feed.Environments).Select(Path.GetFileName));
    }

    [Fact]
    public async Task AFeedThatCannotBeReachedIsNamedWithoutTheCredentialsInItsAddress()
    {
        using var feed = new PackageFeed("https://user:secret@127.0.0.1:9/index.json?token=secret");
        await using var store = feed.Store();
        var lines = new ConcurrentQueue<string>();

        var error = await Assert.ThrowsAsync<EnvironmentBuildFailure>(() =>
            store.AcquireAsync(PackageFeed.Definition("Present"), (_, line) => lines.Enqueue(line), TestContext.Current.CancellationToken)
        );

        Assert.Contains("NU1301", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:9", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message + string.Concat(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderThatCannotHoldEnvironmentsIsNamedWithASuggestion()
    {
        using var feed = new PackageFeed();
        await File.WriteAllTextAsync(feed.Environments, "no folder", TestContext.Current.CancellationToken);
        await using var store = feed.Store();

        var error = await Assert.ThrowsAsync<EnvironmentBuildFailure>(() =>
            store.AcquireAsync(PackageFeed.Definition("Present"), (_, _) => { }, TestContext.Current.CancellationToken)
        );

        Assert.Contains(feed.Environments, error.Message, StringComparison.Ordinal);
        Assert.Contains("set FAL_ENVIRONMENTS to a folder that the host may write to", error.Message, StringComparison.Ordinal);
    }
}
