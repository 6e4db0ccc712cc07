using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Documentation;

public class ExamplesTests
{
    public static TheoryData<string> Pages => [.. Page.Names.Where(name => new Page(name).Blocks.Any(block => block.Language == "csharp"))];

    public static TheoryData<string> PagesWithOutput =>
        [.. Page.Names.Where(name => new Page(name).Blocks.Any(block => block.Language == "output"))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryExampleCompilesAsPastedIntoAnEmptyProject(string page)
    {
        var errors = Programs(page)
            .SelectMany(program =>
                new ExampleProgram(program.Code, program.Block.Before).Errors.Select(error =>
                    $"{page}, example at line {program.Block.Line}: {error}"
                )
            );

        Assert.Empty(errors);
    }

    [Theory]
    [MemberData(nameof(PagesWithOutput))]
    public async Task AnExampleWithAnOutputPrintsIt(string page)
    {
        foreach (var (block, code, output) in Programs(page).Where(program => program.Output is not null))
        {
            using var folder = new TemporaryFolder();
            var (printed, complaints) = await RunAsync(new ExampleProgram(code, block.Before).WriteTo(folder.Path));

            // Dots stand for what differs from run to run.
            var pattern = $"^{Regex.Escape(output!.Trim()).Replace("…", ".+", StringComparison.Ordinal)}$";
            Assert.True(
                Regex.IsMatch(printed.Trim(), pattern),
                $"{page}:{block.Line} printed\n{printed}{complaints}\ninstead of\n{output}"
            );
        }
    }

    [Fact]
    public void EveryBlockOfDataIsWellFormed()
    {
        foreach (var block in Page.Names.SelectMany(name => new Page(name).Blocks))
        {
            switch (block.Language)
            {
                case "xml":
                    _ = XElement.Parse($"<block>{block.Text}</block>");
                    break;
                case "json":
                    JsonDocument.Parse(block.Text).Dispose();
                    break;
            }
        }
    }

    [Fact]
    public void AnExampleThatDoesNotCompileIsNoticed()
    {
        Assert.Contains(Errors("using FalServerless;\n\nIsolated.Create(() => { return 42; });"), id => id == "CS0834");
        Assert.Empty(Errors("using FalServerless;\n\nIsolated.FromDelegate(() => { return 42; });"));
    }

    [Theory]
    [InlineData("Isolated.Create(() => 42);", "CS0103")]
    [InlineData("using FalServerless;\nusing Humanizer;\nIsolated.Create(() => 42.ToWords());", "CS0246")]
    [InlineData("using FalServerless;\nusing Microsoft.AspNetCore.Builder;\nIsolated.Create(() => 42);", "CS0234")]
    [InlineData("using Xunit;\npublic class Tests { [Fact] public void Works() { } }", "CS0246")]
    public void AnExampleHasOnlyWhatItsProjectHas(string code, string error)
    {
        Assert.Contains(error, Errors(code));
    }

    private static IEnumerable<string> Errors(string code) => new ExampleProgram(code, page: "").Errors.Select(error => error.Id);

    private static IEnumerable<(Page.Block Block, string Code, string? Output)> Programs(string page)
    {
        var program = "";
        var blocks = new Page(page).Blocks;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].Language == "csharp")
            {
                program = blocks[i].ContinuesProgram ? $"{program}\n{blocks[i].Text}" : blocks[i].Text;
                yield return (
                    blocks[i],
                    program,
                    blocks.Skip(i + 1).TakeWhile(next => next.Language != "csharp").FirstOrDefault(next => next.Language == "output")?.Text
                );
            }
        }
    }

    private static async Task<(string Output, string Complaints)> RunAsync(string path)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath! : "dotnet",
            [path]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(path),
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (await output, await complaints);
    }
}
