using System.Text;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FalServerless.IntegrationTests.Documentation;

/// <summary>
/// The empty project into which a reader pastes an example: what 'dotnet new console' makes, a reference to FalServerless, and those
/// packages that the page names above the example.
/// </summary>
internal sealed class ExampleProgram
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);
    private static readonly Lazy<IReadOnlyList<string>> All = new(() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "documentation-references.txt")).Distinct()]
    );

    private static readonly Lazy<IReadOnlySet<string>> Library = new(() => Closure("FalServerless"));
    private static readonly Lazy<IReadOnlySet<string>> Fixture = new(() => Closure("FalServerless.Testing"));

    private readonly CSharpCompilation _compilation;

    /// <param name="code">The example, and what stands before it when it is to be added to the program above.</param>
    /// <param name="page">What the reader has read until then.</param>
    public ExampleProgram(string code, string page)
    {
        var language = code.StartsWith("#:", StringComparison.Ordinal)
            ? Language.WithFeatures([new("FileBasedProgram", "true")])
            : Language;
        SyntaxTree[] trees =
        [
            .. new[] { code, ImplicitUsings }.Select(text => CSharpSyntaxTree.ParseText(text, language, encoding: Encoding.UTF8)),
        ];
        var isProgram = trees[0].GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        var kind = isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        _compilation = CSharpCompilation.Create(
            "Example",
            trees,
            References(page),
            new(kind, nullableContextOptions: NullableContextOptions.Enable)
        );
    }

    public IEnumerable<Diagnostic> Errors =>
        _compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>Writes the program with what a build lays beside it.</summary>
    /// <returns>The program, to be started with 'dotnet'.</returns>
    public string WriteTo(string folder)
    {
        var path = Path.Combine(folder, "Example.dll");
        Assert.Empty(_compilation.Emit(path).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var runtime = new
        {
            runtimeOptions = new { tfm = "net10.0", framework = new { name = "Microsoft.NETCore.App", version = "10.0.0" } },
        };
        File.WriteAllText(Path.ChangeExtension(path, ".runtimeconfig.json"), JsonSerializer.Serialize(runtime));
        foreach (var name in Library.Value)
        {
            var file = Path.Combine(AppContext.BaseDirectory, name + ".dll");
            if (!File.Exists(file))
            {
                // The test program has it from ASP.NET Core, which a console app does not have.
                file = Path.Combine(
                    Path.GetDirectoryName(typeof(object).Assembly.Location)!
                        .Replace("Microsoft.NETCore.App", "Microsoft.AspNetCore.App", StringComparison.Ordinal),
                    name + ".dll"
                );
            }

            File.CreateSymbolicLink(Path.Combine(folder, name + ".dll"), file);
        }

        Directory.CreateSymbolicLink(Path.Combine(folder, "fal-serverless"), Path.Combine(AppContext.BaseDirectory, "fal-serverless"));
        return path;
    }

    private static IEnumerable<MetadataReference> References(string page)
    {
        var hasFixture = page.Contains("FalServerless.Testing", StringComparison.Ordinal);
        var hasHumanizer = page.Contains("Humanizer.Core", StringComparison.Ordinal);
        return All
            .Value.Where(path => IsFramework(path) || Has(Path.GetFileNameWithoutExtension(path)))
            .Select(path => MetadataReference.CreateFromFile(path));

        bool Has(string name) =>
            Library.Value.Contains(name)
            || (hasHumanizer && name == "Humanizer")
            || (hasFixture && (Fixture.Value.Contains(name) || name.StartsWith("xunit", StringComparison.Ordinal)));
    }

    private static bool IsFramework(string path) => path.Contains("Microsoft.NETCore.App.Ref", StringComparison.Ordinal);

    // A package of ours and all that it brings along.
    private static HashSet<string> Closure(string project)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Page.Root, "src", project, "packages.lock.json")));
        return
        [
            project,
            .. locked
                .RootElement.GetProperty("dependencies")
                .GetProperty("net10.0")
                .EnumerateObject()
                .Where(package => package.Value.GetProperty("type").GetString() is "Direct" or "Transitive" or "CentralTransitive")
                .Select(package => package.Name)
                .Where(name =>
                    !name.Contains("Analyzers", StringComparison.Ordinal) && !name.StartsWith("Microsoft.NET.", StringComparison.Ordinal)
                ),
        ];
    }
}
