using FalServerless.Hosts;
using FalServerless.Tests.Shared.Values;
using Microsoft.FSharp.Collections;

namespace FalServerless.IntegrationTests;

/// <summary>Values of F#, through everything.</summary>
public sealed class FSharpInAWorkerTests : IDisposable
{
    private readonly LocalHost _host = new();

    private IsolatedOptions Options => new() { Host = _host };

    public void Dispose() => _host.Dispose();

    [Fact]
    public void CollectionsOptionsAndResultsAreUsedThereAndComeBackEqual()
    {
        var order = FSharpValues.Sample;

        Assert.Equal(
            "7 11.25 True stock 0.1 blue",
            Isolated.Create((FSharpValues.Order there) => FSharpValues.Describe(there), Options).Invoke(order)
        );
        Assert.Equal(order, Isolated.Create(() => order, Options).Invoke());
    }

    [Fact]
    public void LongListsAndLargeMapsArrive()
    {
        var count = Isolated.Create((FSharpList<int> list, FSharpMap<int, int> map) => list.Length + map[70], Options);

        Assert.Equal(104_900, count.Invoke(FSharpValues.Numbers(100_000), FSharpValues.Squares(1000)));
    }
}
