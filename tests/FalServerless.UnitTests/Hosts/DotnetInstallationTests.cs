using FalServerless.Hosts;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Hosts;

public class DotnetInstallationTests
{
    [Fact]
    public void TheWebFrameworkIsTheOneThatThisProgramHasLoaded() =>
        Assert.Equal(
            Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location),
            DotnetInstallation.FindWebFramework()
        );

    [Fact]
    public void TheNewestWebFrameworkIsTheHighestReleaseOfTheMajorVersion()
    {
        using var root = new TemporaryFolder();
        foreach (var version in new[] { "9.0.20", "10.0.9", "10.0.12", "10.1.0-rc.1", "11.0.0", "notes" })
        {
            Directory.CreateDirectory(Path.Combine(root.Path, "shared", "Microsoft.AspNetCore.App", version));
        }

        Assert.Equal(
            Path.Combine(root.Path, "shared", "Microsoft.AspNetCore.App", "10.0.12"),
            DotnetInstallation.NewestWebFramework(root.Path, major: 10)
        );
    }

    [Fact]
    public void WithoutAWebFrameworkOfTheMajorVersionThereIsNone()
    {
        using var root = new TemporaryFolder();

        Assert.Null(DotnetInstallation.NewestWebFramework(root.Path, major: 10));

        Directory.CreateDirectory(Path.Combine(root.Path, "shared", "Microsoft.AspNetCore.App", "8.0.1"));
        Assert.Null(DotnetInstallation.NewestWebFramework(root.Path, major: 10));
    }
}
