using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FalServerless.Tests.Documentation;

public partial class ExamplesTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));
    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "documentation-references.txt")).Distinct().Select(path => MetadataReference.CreateFromFile(path))]);

    private static readonly Lazy<SyntaxTree> Surroundings = new(() => CSharpSyntaxTree.ParseText(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documentation", "Surroundings.cs")), Language));

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Root, "README.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md")).Select(path => Path.GetRelativePath(Root, path)).Where(page => Examples(page).Any()).Order()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryExampleCompiles(string page)
    {
        var errors = Examples(page).SelectMany(example => Compile(example.Code).Select(error => $"{page}:{example.Line + error.Location.GetLineSpan().StartLinePosition.Line}: {error.GetMessage(null)}"));

        Assert.Empty(errors);
    }

    [Fact]
    public void AnExampleThatDoesNotCompileIsNoticed()
    {
        Assert.Contains(Compile("Isolated.Create(() => { return 42; });"), error => error.Id == "CS0834");
        Assert.Empty(Compile("Isolated.FromDelegate(() => { return 42; });"));
    }

    private static IEnumerable<(int Line, string Code)> Examples(string page)
    {
        var text = File.ReadAllText(Path.Combine(Root, page));
        return Blocks().Matches(text).Select(match => (1 + text.AsSpan(0, match.Groups[1].Index).Count('\n'), match.Groups[1].Value));
    }

    private static IEnumerable<Diagnostic> Compile(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, Language, cancellationToken: TestContext.Current.CancellationToken);
        var isProgram = tree.GetCompilationUnitRoot(TestContext.Current.CancellationToken).Members.Any(member => member is GlobalStatementSyntax);
        var options = new CSharpCompilationOptions(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        return CSharpCompilation.Create("Example", [tree, Surroundings.Value], References.Value, options).GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
