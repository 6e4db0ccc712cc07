using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Tests.Shared.Fields;
using FalServerless.Tests.Shared.Files;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FalServerless.IntegrationTests.Capture.Fields;

/// <summary>
/// Code of assemblies that a test compiles: for debugging, where state machines are classes and there are more variables and jumps, and
/// over several assemblies.
/// </summary>
public class CompiledCodeTests
{
    private const string Usings =
        "global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; "
        + "global using System.Threading.Tasks;";

    [Fact]
    public void FieldsAreFoundInCodeForDebuggingTooAndNoneIsMissed()
    {
        using var folder = new TemporaryFolder();
        var made = Activator.CreateInstance(
            Compile(folder.Path, "UnoptimizedPriced", OptimizationLevel.Debug, [], Sources())
                .GetType("FalServerless.Tests.Shared.Fields.Priced")!,
            9
        )!;

        foreach (var (name, body, fields) in Rows(made, nameof(Priced.Followed)).Concat(Rows(made, nameof(Priced.Escaping))))
        {
            var arrival = Arrival.Of(body);
            var self = arrival.This<object>();
            Assert.Equal((name, fields), (name, (string)self.GetType().GetProperty(nameof(Priced.Arrived))!.GetValue(self)!));
            Assert.Equal((name, Arrival.Result(body)), (name, arrival.Run()));
        }
    }

    [Fact]
    public void ABaseClassOfAnotherAssemblyIsFollowed()
    {
        using var folder = new TemporaryFolder();
        var other = Compile(
            folder.Path,
            "OtherBase",
            OptimizationLevel.Release,
            [],
            """
            using System;
            public abstract class Ground<T>
            {
                private readonly T _hidden; private readonly T _stays; protected T Open;
                protected Ground(T value) => (_hidden, _stays, Open) = (value, value, value);
                protected T Hidden() => Step();
                protected virtual T Step() => _stays;
                protected virtual T Over() => Open;
                protected T ByGround() => Over();
                protected T Own() => _hidden;
                public override string ToString() => $"{_hidden} {_stays} {Open}";
            }
            """
        );
        var derived = Compile(
            folder.Path,
            "DerivedClass",
            OptimizationLevel.Release,
            [other.Location],
            """
            using System;
            public class Middle : Ground<int>
            {
                private int _between = 8;
                protected Middle() : base(5) { }
                protected new virtual int Over() => _between;
            }
            public sealed class Above : Middle
            {
                public int Unused = 4;
                protected override int Over() => Unused;
                protected override int Step() => Own() + 1;
                public Func<int> First() => () => { return Hidden(); };
                public Func<int> Second() => () => { return Open + base.Step(); };
                public Func<int> Third() => () => { return ByGround(); };
                public override string ToString() => base.ToString() + " " + Unused;
            }
            """
        );
        var above = Activator.CreateInstance(derived.GetType("Above")!)!;

        foreach (var (method, fields, result) in new[] { ("First", "5 0 0 0", 6), ("Second", "0 5 5 0", 10), ("Third", "0 0 5 0", 5) })
        {
            var arrival = Arrival.Of((Func<int>)above.GetType().GetMethod(method)!.Invoke(above, null)!);
            Assert.Equal(fields, arrival.This<object>().ToString());
            Assert.Equal(result, arrival.Run());
        }

        // A worker with packages may have another version of the other assembly; of the delegate's own it insists on this build.
        Assert.Equal(
            "5 5 5 4",
            Arrival.Of((Func<int>)above.GetType().GetMethod("First")!.Invoke(above, null)!, hasPackages: true, []).This<object>().ToString()
        );
    }

    private static IEnumerable<(string Name, Delegate Body, string Fields)> Rows(object made, string method) =>
        ((IEnumerable)made.GetType().GetMethod(method)!.Invoke(made, null)!)
            .Cast<ITuple>()
            .Select(row => ((string)row[0]!, (Delegate)row[1]!, row.Length > 2 ? (string)row[2]! : Priced.All));

    private static Assembly Compile(string folder, string name, OptimizationLevel level, string[] others, params string[] sources)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path =>
                Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal)
                || Path.GetFileName(path).StartsWith("Microsoft.CSharp", StringComparison.Ordinal)
            )
            .Concat(others)
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: level,
            nullableContextOptions: NullableContextOptions.Enable
        );
        var path = Path.Combine(folder, name + ".dll");
        var result = CSharpCompilation
            .Create(name, sources.Append(Usings).Select(text => CSharpSyntaxTree.ParseText(text)), references, options)
            .Emit(path);
        Assert.True(
            result.Success,
            string.Join('\n', result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error).Take(5))
        );
        return Assembly.LoadFrom(path);
    }

    private static string[] Sources([CallerFilePath] string here = "") =>
        [
            .. Directory
                .GetFiles(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "Shared", "Fields"), "Priced*.cs")
                .Select(File.ReadAllText),
        ];
}
