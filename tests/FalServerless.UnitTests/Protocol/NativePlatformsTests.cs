using FalServerless.Protocol;

namespace FalServerless.UnitTests.Protocol;

public class NativePlatformsTests
{
    private static readonly ContentHash Content = ContentHash.Of([1]);

    [Theory]
    [InlineData("linux-x64", "linux-x64 linux unix-x64 unix any")]
    [InlineData("linux-musl-arm64", "linux-musl-arm64 linux-musl linux-arm64 linux unix-arm64 unix any")]
    [InlineData("osx-arm64", "osx-arm64 osx unix-arm64 unix any")]
    [InlineData("win-x64", "win-x64 win any")]
    public void APlatformRunsWhatIsMadeForItAndForThoseThatItIsAKindOf(string platform, string runs) =>
        Assert.Equal(runs.Split(' '), NativePlatforms.RunningOn(platform));

    [Theory]
    [InlineData("linux-x64", "runtimes/linux-x64/native/libx.so")]
    [InlineData("linux-arm64", "runtimes/linux/native/libx.so")]
    [InlineData("osx-x64", null)]
    public void OfSeveralLibrariesTheOneThatFitsBestIsChosen(string platform, string? path) =>
        Assert.Equal(
            path is null ? [] : [path],
            NativePlatforms
                .Choose([Library("linux"), Library("linux-x64"), Library("win-x64"), Library("osx-x64") with { Content = null }], platform)
                .Select(file => file.Path)
        );

    [Fact]
    public void FilesOfEveryPlatformAreAllChosen() =>
        Assert.Equal(
            2,
            NativePlatforms
                .Choose(
                    [new() { Path = "de/x.resources.dll", Content = Content }, new() { Path = "fr/x.resources.dll", Content = Content }],
                    "linux-x64"
                )
                .Count
        );

    private static FunctionFile Library(string platform) =>
        new()
        {
            Path = $"runtimes/{platform}/native/libx.so",
            Platform = platform,
            Content = Content,
        };
}
