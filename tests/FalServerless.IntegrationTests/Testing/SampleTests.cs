using System.Diagnostics;
using System.Xml.Linq;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Testing;

/// <summary>The test project of the samples, which uses the fixtures as a user does.</summary>
public class SampleTests
{
    private static readonly string Sample = AppContext.BaseDirectory.Replace(
        "FalServerless.IntegrationTests",
        "Testing",
        StringComparison.Ordinal
    );

    [Fact]
    public async Task TheSampleTestProjectPasses()
    {
        using var folder = new TemporaryFolder();
        var report = folder.File("report.xml");
        var start = new ProcessStartInfo(Path.Combine(Sample, "Testing"), ["-noLogo", "-noColor", "-xml", report])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = folder.Path;
        using var program = Process.Start(start)!;
        var errors = program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(program.ExitCode == 0, output);
        var counts = XDocument.Load(report).Descendants("assembly").Single();
        Assert.Equal(
            ("13", "13", "0"),
            ((string)counts.Attribute("total")!, (string)counts.Attribute("passed")!, (string)counts.Attribute("failed")!)
        );
        Assert.Empty(Directory.GetDirectories(folder.Path, "fal-*"));
    }
}
