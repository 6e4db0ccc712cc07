using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FalServerless.IntegrationTests;

/// <summary>
/// Which parts of a project use which, as the compiler understands its sources. A part is a namespace below the project's own; each file at
/// the project's root is a part by itself, so that public types may lie there and use what lies below them.
/// </summary>
internal sealed class SourceGraph
{
    private static readonly string[] ImplicitUsings =
    [
        "System",
        "System.Collections.Generic",
        "System.IO",
        "System.Linq",
        "System.Net.Http",
        "System.Threading",
        "System.Threading.Tasks",
    ];

    private static readonly ConcurrentDictionary<string, Lazy<SourceGraph>> Read = new();

    private readonly Dictionary<(string From, string To), string> _edges = [];

    private SourceGraph(int parts) => Parts = parts;

    public int Parts { get; }

    /// <summary>The uses between parts, each with one example.</summary>
    public IReadOnlyDictionary<(string From, string To), string> Edges => _edges;

    /// <summary>Reads the sources of a project.</summary>
    /// <param name="folder">The project's folder.</param>
    public static SourceGraph Of(string folder) => Read.GetOrAdd(Path.GetFullPath(folder), path => new(() => Compile(path))).Value;

    /// <summary>A way from a part over others back to itself; null where there is none.</summary>
    public string? FindCycle()
    {
        var next = _edges.Keys.ToLookup(edge => edge.From, edge => edge.To);
        return next.Select(group => PathBack(group.Key, group.Key, next, [])).FirstOrDefault(path => path is not null);
    }

    private static SourceGraph Compile(string folder)
    {
        var project = Path.GetFileNameWithoutExtension(Directory.GetFiles(folder, "*.csproj").Single());
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var trees = Directory
            .GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), options, path))
            .Append(CSharpSyntaxTree.ParseText(string.Concat(ImplicitUsings.Select(name => $"global using {name};")), options))
            .ToList();
        var references = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "documentation-references.txt"))
            .Where(path => Path.GetFileNameWithoutExtension(path) != project)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(project, trees, references, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var parts = trees.Where(tree => tree.FilePath.Length > 0).ToDictionary(tree => tree, tree => PartOf(tree, folder, project));
        var graph = new SourceGraph(parts.Values.Distinct().Count());
        var declared = parts.Keys.SelectMany(Declared).ToHashSet();
        foreach (var tree in parts.Keys)
        {
            graph.Add(compilation.GetSemanticModel(tree), parts, declared);
        }

        return graph;
    }

    private static string? PathBack(string at, string target, ILookup<string, string> next, HashSet<string> seen)
    {
        foreach (var to in next[at])
        {
            if (to == target)
            {
                return $"{at} → {to}";
            }

            if (seen.Add(to) && PathBack(to, target, next, seen) is { } rest)
            {
                return $"{at} → {rest}";
            }
        }

        return null;
    }

    private static string PartOf(SyntaxTree tree, string folder, string project)
    {
        var path = Path.GetRelativePath(folder, tree.FilePath);
        if (!path.Contains(Path.DirectorySeparatorChar))
        {
            // Of a partial type each file is the same part.
            return path.Split('.')[0] + ".cs";
        }

        // A public type of the project's own namespace may lie in the folder of what it belongs to.
        var declared = tree.GetRoot().DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().First().Name.ToString();
        return declared.StartsWith(project + ".", StringComparison.Ordinal)
            ? declared[(project.Length + 1)..]
            : path.Split(Path.DirectorySeparatorChar)[0];
    }

    // The names of types and of their members: no other can lead to a part.
    private static IEnumerable<string> Declared(SyntaxTree tree) =>
        tree.GetRoot()
            .DescendantNodes()
            .Select(node =>
                node switch
                {
                    BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
                    DelegateDeclarationSyntax type => type.Identifier.ValueText,
                    MethodDeclarationSyntax method => method.Identifier.ValueText,
                    PropertyDeclarationSyntax property => property.Identifier.ValueText,
                    EnumMemberDeclarationSyntax member => member.Identifier.ValueText,
                    ParameterSyntax parameter => parameter.Identifier.ValueText,
                    VariableDeclaratorSyntax field => field.Identifier.ValueText,
                    EventDeclarationSyntax member => member.Identifier.ValueText,
                    _ => "",
                }
            );

    private void Add(SemanticModel model, Dictionary<SyntaxTree, string> parts, HashSet<string> declared)
    {
        var from = parts[model.SyntaxTree];
        foreach (var name in model.SyntaxTree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            // An attribute's name may be shorter than its type's.
            if (!declared.Contains(name.Identifier.ValueText) && !declared.Contains(name.Identifier.ValueText + "Attribute"))
            {
                continue;
            }

            var symbol = model.GetSymbolInfo(name).Symbol;
            var type = (symbol as INamedTypeSymbol ?? symbol?.ContainingType)?.OriginalDefinition;
            if (
                type?.Locations.FirstOrDefault(location => location.IsInSource)?.SourceTree is { } source
                && parts.TryGetValue(source, out var to)
                && from != to
            )
            {
                _edges.TryAdd((from, to), $"{Path.GetFileName(model.SyntaxTree.FilePath)} uses {type.Name}");
            }
        }
    }
}
