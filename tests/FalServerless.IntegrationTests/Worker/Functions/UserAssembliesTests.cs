using System.Linq.Expressions;
using FalServerless.Tests.Shared.Assemblies;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Worker.Functions;

public class UserAssembliesTests
{
    [Fact]
    public async Task AnAssemblyThatIsMissingIsNamedTogetherWithTheOneThatNeedsIt()
    {
        using var folder = new TemporaryFolder();
        var missing = BuiltAssembly.Of(folder.Path, "Missing.Part", 1, new(2, 1, 0, 0));
        var needing = BuiltAssembly.Of(folder.Path, "Needing", missing);
        File.Delete(missing.Path);

        var error = await Assert.ThrowsAsync<FileNotFoundException>(() => Remote.CallAsync(needing.Body()));

        Assert.Equal(
            "'Needing' needs the assembly 'Missing.Part, Version=2.1.0.0', which is neither among the function's assemblies nor in "
                + "its environment. "
                + "Reference 'Missing.Part' in your program with its runtime files, so that it is beside 'Needing' and is sent with "
                + "it, or add its package to Requirements.",
            error.Message
        );
    }

    [Fact]
    public async Task ACorruptAssemblyIsNamed()
    {
        using var folder = new TemporaryFolder();
        var corrupt = BuiltAssembly.Of(folder.Path, "Corrupt", 1);
        var body = corrupt.Body();
        await using var home = new ScriptedHome();
        var call = home.Prepare(body);
        File.WriteAllText(corrupt.Path, "This is no assembly.");

        home.Open(call);

        var error = Assert.IsType<BadImageFormatException>(await call.FailureAsync());
        Assert.StartsWith("The assembly 'Corrupt' cannot be loaded: its file is corrupt", error.Message);
    }

    [Fact]
    public async Task ARebuiltAssemblyRunsInAnotherWorkerAndBothBuildsGoOn()
    {
        using var folder = new TemporaryFolder();
        var options = new IsolatedOptions { MachineType = "S", MaxWorkers = 46 };
        var before = BuiltAssembly.Of(Directory.CreateDirectory(folder.File("before")).FullName, "Rebuilt", 1).Body();
        var after = BuiltAssembly.Of(Directory.CreateDirectory(folder.File("after")).FullName, "Rebuilt", 2).Body();

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(1, await Remote.CallAsync(before, options));
            Assert.Equal(2, await Remote.CallAsync(after, options));
        }

        Assert.NotEqual(await Remote.CallAsync(WithProcess(before), options), await Remote.CallAsync(WithProcess(after), options));
    }

    [Fact]
    public async Task TheLoggerOfTheContextIsTheOneThatUserCodeWasCompiledAgainst()
    {
        var lines = new List<string>();

        await Isolated
            .Create(() => WorkerBodies.WriteLevels(), new() { OnLog = line => lines.Add(line.Message) })
            .InvokeAsync(TestContext.Current.CancellationToken);

        Assert.Contains("info 42 text", lines);
    }

    // The process in which the body ran.
    private static LambdaExpression WithProcess(LambdaExpression body) =>
        Expression.Lambda(Expression.Block(body.Body, Expression.Property(null, typeof(Environment), nameof(Environment.ProcessId))));
}
