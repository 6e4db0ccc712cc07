using System.Text;
using FalServerless.Protocol;
using FalServerless.Runtime.Functions;
using FalServerless.Runtime.Workers;

namespace FalServerless.UnitTests.Runtime.Workers;

public class WorkerFunctionsTests
{
    private static readonly IReadOnlySet<string> Provided = new HashSet<string>(["json"], StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void AWorkerHoldsOneBuildOfAnAssembly()
    {
        var functions = new WorkerFunctions();
        functions.Reserve(Function("first", ("Json", "build 1")));

        Assert.True(functions.Accepts(Function("second", ("Json", "build 1"))));
        Assert.False(functions.Accepts(Function("third", ("JSON", "build 2"))));
    }

    [Fact]
    public void WhatTheEnvironmentProvidesIsNoneOfTheFunctionsBusiness()
    {
        var functions = new WorkerFunctions { Provided = Provided };
        functions.Reserve(Function("first", ("Json", "build 1"), ("Shop", "build 1")));

        Assert.True(functions.Accepts(Function("second", ("Json", "build 2"), ("Shop", "build 1"))));
        Assert.False(functions.Accepts(Function("third", ("Json", "build 1"), ("Shop", "build 2"))));
    }

    [Fact]
    public void AnAssemblyWithOtherTextsIsAnotherBuild()
    {
        var functions = new WorkerFunctions();
        var shop = Function("first", ("Shop", "build 1")) with { Files = [Text("de/Shop.resources.dll", "Guten Tag")] };
        functions.Reserve(shop);

        Assert.True(functions.Accepts(shop with { Hash = Hash("second") }));
        Assert.False(functions.Accepts(Function("third", ("Shop", "build 1")) with { Files = [Text("de/Shop.resources.dll", "Hallo")] }));
        Assert.False(functions.Accepts(Function("fourth", ("Shop", "build 1"))));
        Assert.True(functions.Accepts(Function("fifth", ("Other", "build 1")) with { Files = [Text("de/Other.resources.dll", "Hallo")] }));
    }

    [Fact]
    public void AWorkerHoldsOneBuildOfANativeLibrary()
    {
        var functions = new WorkerFunctions();
        functions.Reserve(Function("first") with { Files = [Library("runtimes/linux-x64/native/libx.so", "build 1")] });

        Assert.True(functions.Accepts(Function("second") with { Files = [Library("libx.so", "build 1")] }));
        Assert.False(functions.Accepts(Function("third") with { Files = [Library("libx.so", "build 2")] }));
    }

    private static FunctionFile Text(string path, string content) => new() { Path = path, Content = Hash(content) };

    private static FunctionFile Library(string path, string content) =>
        new()
        {
            Path = path,
            Content = Hash(content),
            Platform = "linux-x64",
        };

    private static StoredFunction Function(string name, params (string Name, string Image)[] assemblies) =>
        new()
        {
            Hash = Hash(name),
            Assemblies = [.. assemblies.Select(assembly => new AssemblyReference { Name = assembly.Name, Image = Hash(assembly.Image) })],
            Definition = default,
        };

    private static ContentHash Hash(string text) => ContentHash.Of(Encoding.UTF8.GetBytes(text));
}
