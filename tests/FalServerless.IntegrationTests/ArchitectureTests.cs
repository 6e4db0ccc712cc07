using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace FalServerless.IntegrationTests;

/// <summary>Which part may know which, read from the sources.</summary>
public partial class ArchitectureTests
{
    // The library's rooms. Each may know those to its right, and none to its left.
    private static readonly string[] Order =
    [
        "DependencyInjection",
        "Calls",
        "Hosts",
        "Sync",
        "Transport",
        "Caching",
        "Capture",
        "Credentials",
        "Serialization",
        "Packages",
        "Protocol",
        "Wire",
        "Internal",
        "Errors",
    ];

    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    private static readonly string Sources = Path.Combine(Root, "src");

    [Fact]
    public void FoldersOfTheLibraryKnowOnlyThoseBelowThem()
    {
        var rooms = SourceGraph
            .Of(Path.Combine(Sources, "FalServerless"))
            .Edges.Select(edge => (From: Room(edge.Key.From), To: Room(edge.Key.To), edge.Value))
            .Where(edge => edge.From != edge.To && Array.IndexOf(Order, edge.From) >= 0 && Array.IndexOf(Order, edge.To) >= 0);

        Assert.All(
            rooms,
            edge =>
                Assert.True(Array.IndexOf(Order, edge.From) < Array.IndexOf(Order, edge.To), $"{edge.From} knows {edge.To}: {edge.Value}.")
        );
        Assert.Empty(Files("FalServerless").Select(file => file.Folder).Except([.. Order, ""]));

        static string Room(string part) => part.Split('.')[0];
    }

    [Fact]
    public void ErrorsImportNothingOfOurs() =>
        Assert.DoesNotContain(SourceGraph.Of(Path.Combine(Sources, "FalServerless")).Edges, edge => edge.Key.From == "Errors");

    [Fact]
    public void OnlyPublicTypesLieAtTheRootOfTheLibrary()
    {
        Assert.All(
            Files("FalServerless").Where(file => file.Folder.Length == 0),
            file => Assert.DoesNotMatch(@"(?m)^(internal|file) ", file.Code)
        );
    }

    public static TheoryData<string> Projects =>
        new(
            new[] { "src", "tests", "samples", "bench" }
                .SelectMany(folder => Directory.GetFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
                .Select(path => Path.GetRelativePath(Root, Path.GetDirectoryName(path)!))
        );

    [Theory]
    [MemberData(nameof(Projects))]
    public void NoTwoPartsKnowEachOtherByAnyWay(string project)
    {
        var graph = SourceGraph.Of(Path.Combine(Root, project));

        Assert.Equal(graph.Parts > 1, graph.Edges.Count > 0);
        Assert.Null(graph.FindCycle());
    }

    [Fact]
    public void TestProgramsKnowWhatTheyShareAndNotEachOther()
    {
        Assert.All(Files("../tests/Shared"), file => Assert.DoesNotMatch(@"FalServerless\.(UnitTests|IntegrationTests)\b", file.Code));
        Assert.All(Files("../tests/FalServerless.UnitTests"), file => Assert.DoesNotMatch(@"FalServerless\.IntegrationTests\b", file.Code));
        Assert.All(Files("../tests/FalServerless.IntegrationTests"), file => Assert.DoesNotMatch(@"FalServerless\.UnitTests\b", file.Code));
    }

    [Fact]
    public void AllKnowTheLibraryAndNobodyElse()
    {
        Assert.All(Files("FalServerless"), file => Assert.DoesNotMatch(@"FalServerless\.(Runtime|Tool|Worker|Testing)\b", file.Code));
        Assert.All(Files("FalServerless.Worker"), file => Assert.DoesNotMatch(@"FalServerless\.(Runtime|Tool|Testing)\b", file.Code));
        Assert.All(Files("FalServerless.Runtime"), file => Assert.DoesNotMatch(@"FalServerless\.(Tool|Worker|Testing)\b", file.Code));
        Assert.All(Files("FalServerless.Tool"), file => Assert.DoesNotMatch(@"FalServerless\.(Worker|Testing)\b", file.Code));
        Assert.All(Files("FalServerless.Testing"), file => Assert.DoesNotMatch(@"FalServerless\.(Runtime|Tool|Worker)\b", file.Code));
    }

    [Fact]
    public void TheRuntimeNeverDecodesWhatUsersSend()
    {
        Assert.All(
            [.. Files("FalServerless.Runtime"), .. Files("FalServerless.Tool")],
            file =>
                Assert.DoesNotMatch(
                    @"FalServerless\.(Capture|Serialization\.(Values|Expressions|Types))\b|"
                        + @"\bValueSerializer\b|\bExpressionReader\b|\bFailureConverter\b",
                    file.Code
                )
        );
    }

    private static IEnumerable<SourceFile> Files(string project)
    {
        var root = Path.Combine(Sources, project);
        var files = Directory
            .GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(path => new SourceFile(root, path))
            .ToArray();
        Assert.NotEmpty(files);
        return files;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("""//.*|"(?:[^"\\\n]|\\.)*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentsAndTexts();

    /// <summary>A source file without its comments and texts.</summary>
    private sealed class SourceFile
    {
        public SourceFile(string root, string path)
        {
            Path = System.IO.Path.GetRelativePath(root, path);
            Folder = Path.Contains('/') ? Path[..Path.IndexOf('/')] : "";
            Code = CommentsAndTexts().Replace(File.ReadAllText(path), "");
        }

        public string Path { get; }

        public string Folder { get; }

        public string Code { get; }
    }
}
