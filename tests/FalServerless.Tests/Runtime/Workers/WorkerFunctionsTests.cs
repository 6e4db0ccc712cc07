using System.Text;
using FalServerless.Protocol;
using FalServerless.Runtime.Data;
using FalServerless.Runtime.Workers;

namespace FalServerless.Tests.Runtime.Workers;

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

    private static StoredFunction Function(string name, params (string Name, string Image)[] assemblies) => new()
    {
        Hash = Hash(name),
        Assemblies = [.. assemblies.Select(assembly => new AssemblyReference { Name = assembly.Name, Image = Hash(assembly.Image) })],
        Definition = default,
    };

    private static ContentHash Hash(string text) => ContentHash.Of(Encoding.UTF8.GetBytes(text));
}
