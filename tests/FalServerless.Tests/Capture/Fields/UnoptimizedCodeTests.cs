using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FalServerless.Tests.Capture.Fields;

/// <summary>The same bodies as the compiler writes them for debugging: state machines that are classes, more variables, more jumps.</summary>
public class UnoptimizedCodeTests
{
    private const string Usings = "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    [Fact]
    public void FieldsAreFoundThereTooAndNoneIsMissed()
    {
        using var folder = new TemporaryFolder();
        var made = Activator.CreateInstance(Compile(folder.Path).GetType("FalServerless.Tests.Capture.Fields.Priced")!, 9)!;

        foreach (var (name, body, fields) in Rows(made, nameof(Priced.Followed)).Concat(Rows(made, nameof(Priced.Escaping))))
        {
            var arrival = Arrival.Of(body);
            var self = arrival.This<object>();
            Assert.Equal((name, fields), (name, (string)self.GetType().GetProperty(nameof(Priced.Arrived))!.GetValue(self)!));
            Assert.Equal((name, Arrival.Result(body)), (name, arrival.Run()));
        }
    }

    private static IEnumerable<(string Name, Delegate Body, string Fields)> Rows(object made, string method) =>
        ((IEnumerable)made.GetType().GetMethod(method)!.Invoke(made, null)!).Cast<ITuple>().Select(row => ((string)row[0]!, (Delegate)row[1]!, row.Length > 2 ? (string)row[2]! : Priced.All));

    private static Assembly Compile(string folder, [CallerFilePath] string here = "")
    {
        var trees = Directory.GetFiles(Path.GetDirectoryName(here)!, "Priced*.cs").Select(File.ReadAllText).Append(Usings).Select(text => CSharpSyntaxTree.ParseText(text));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path).StartsWith("Microsoft.CSharp", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Debug, nullableContextOptions: NullableContextOptions.Enable);
        var path = Path.Combine(folder, "UnoptimizedPriced.dll");
        var result = CSharpCompilation.Create("UnoptimizedPriced", trees, references, options).Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(5)));
        return Assembly.LoadFrom(path);
    }
}
