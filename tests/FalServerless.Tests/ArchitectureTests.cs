using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace FalServerless.Tests;

/// <summary>Which part may know which, read from the sources.</summary>
public partial class ArchitectureTests
{
    // Each may know those to its right, and none to its left. The root is everybody's, as its public types are in every namespace.
    private static readonly string[] Order = ["DependencyInjection", "Hosts", "Data", "Transport", "Credentials", "Caching", "Capture", "Serialization", "Protocol", "Errors"];

    private static readonly string Sources = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "src"));

    [Fact]
    public void FoldersOfTheLibraryKnowOnlyThoseBelowThem()
    {
        var known = Files("FalServerless").SelectMany(file => file.Uses("FalServerless").Select(used => (file, used: used.Split('.')[0]))).Where(pair => pair.used != pair.file.Folder);

        Assert.All(known, pair =>
        {
            Assert.Contains(pair.used, Order);
            Assert.True(Array.IndexOf(Order, pair.file.Folder) < Array.IndexOf(Order, pair.used), $"{pair.file.Path} is in {pair.file.Folder} and uses {pair.used}.");
        });
        Assert.Empty(Files("FalServerless").Select(file => file.Folder).Except([.. Order, ""]));
    }

    [Fact]
    public void ErrorsAndProtocolImportNothingOfOurs()
    {
        Assert.All(Files("FalServerless").Where(file => file.Folder is "Errors" or "Protocol"), file => Assert.DoesNotContain(file.Uses("FalServerless"), used => used != file.Folder));
    }

    [Theory]
    [InlineData("FalServerless")]
    [InlineData("FalServerless.Runtime")]
    [InlineData("FalServerless.Testing")]
    [InlineData("FalServerless.Worker")]
    public void NoTwoFoldersKnowEachOtherByAnyWay(string project)
    {
        var edges = Files(project).SelectMany(file => file.Uses(project).Select(used => (From: file.Namespace, To: used))).Where(edge => edge.From != edge.To && edge.From != "" && edge.To != "").Distinct().ToLookup(edge => edge.From, edge => edge.To);

        foreach (var start in edges.Select(group => group.Key))
        {
            var path = PathBack(start, start, edges, []);
            Assert.True(path is null, $"{project}: {path}");
        }
    }

    [Fact]
    public void AllKnowTheLibraryAndNobodyElse()
    {
        Assert.All(Files("FalServerless"), file => Assert.DoesNotMatch(@"FalServerless\.(Runtime|Worker|Testing)\b", file.Code));
        Assert.All(Files("FalServerless.Worker"), file => Assert.DoesNotMatch(@"FalServerless\.(Runtime|Testing)\b", file.Code));
        Assert.All(Files("FalServerless.Runtime"), file => Assert.DoesNotMatch(@"FalServerless\.(Worker|Testing)\b", file.Code));
        Assert.All(Files("FalServerless.Testing"), file => Assert.DoesNotMatch(@"FalServerless\.(Runtime|Worker)\b", file.Code));
    }

    [Fact]
    public void TheRuntimeNeverDecodesWhatUsersSend()
    {
        Assert.All(Files("FalServerless.Runtime"), file => Assert.DoesNotMatch(@"FalServerless\.(Capture|Serialization\.(Values|Expressions|Types|FailureConverter))\b|\bValueSerializer\b|\bExpressionReader\b|\bFailureConverter\b", file.Code));
    }

    private static IEnumerable<SourceFile> Files(string project)
    {
        var root = Path.Combine(Sources, project);
        var files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal)).Select(path => new SourceFile(root, path)).ToArray();
        Assert.NotEmpty(files);
        return files;
    }

    private static string? PathBack(string at, string target, ILookup<string, string> edges, HashSet<string> seen)
    {
        foreach (var next in edges[at])
        {
            if (next == target)
            {
                return $"{at} → {next}";
            }

            if (seen.Add(next) && PathBack(next, target, edges, seen) is { } rest)
            {
                return $"{at} → {rest}";
            }
        }

        return null;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("""//.*|"(?:[^"\\\n]|\\.)*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex CommentsAndTexts();

    [GeneratedRegex(@"\bFalServerless((?:\.[A-Z]\w*)+)")]
    private static partial Regex Names();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    /// <summary>A source file without its comments and texts.</summary>
    private sealed class SourceFile
    {
        private readonly string _project;

        public SourceFile(string root, string path)
        {
            _project = System.IO.Path.GetFileName(root);
            Path = System.IO.Path.GetRelativePath(root, path);
            Folder = Path.Contains('/') ? Path[..Path.IndexOf('/')] : "";
            Code = CommentsAndTexts().Replace(File.ReadAllText(path), "");
            var full = NamespaceLine().Match(Code).Groups[1].Value;
            Namespace = full.Length > _project.Length ? full[(_project.Length + 1)..] : "";
        }

        public string Path { get; }

        public string Folder { get; }

        public string Namespace { get; }

        public string Code { get; }

        /// <summary>The namespaces under the project's that the file names.</summary>
        public IEnumerable<string> Uses(string project) => Names().Matches(Code)
            .Select(match => match.Value)
            .Where(name => name.StartsWith(project + ".", StringComparison.Ordinal))
            .Select(name => name[(project.Length + 1)..])
            .Where(name => Directory.Exists(System.IO.Path.Combine(Sources, project, name.Split('.')[0])))
            .Distinct();
    }
}
