using FalServerless.Hosts;
using Microsoft.FSharp.Collections;

namespace FalServerless.Tests;

/// <summary>Values of F#, and a body that is written in it, through everything.</summary>
public sealed class FSharpInAWorkerTests : IDisposable
{
    private readonly LocalHost _host = new();

    private IsolatedOptions Options => new() { Host = _host };

    public void Dispose() => _host.Dispose();

    [Fact]
    public void RecordsUnionsAndCollectionsAreUsedThereAndComeBackEqual()
    {
        var order = FSharpValues.order;

        Assert.Equal(FSharpValues.describe(order), Isolated.Create((FSharpValues.Order there) => FSharpValues.describe(there), Options).Invoke(order));
        Assert.Equal(
            FSharpValues.withPrice(order, "cup", 9m),
            Isolated.Create((string article) => FSharpValues.withPrice(order, article, 9m), Options).Invoke("cup"));
        Assert.Equal(FSharpValues.describe(order) + " 2", FSharpValues.describedElsewhere(_host, order));
    }

    [Fact]
    public void LongListsAndLargeMapsArrive()
    {
        var count = Isolated.Create((FSharpList<int> list, FSharpMap<int, int> map) => list.Length + map[70], Options);

        Assert.Equal(104_900, count.Invoke(FSharpValues.numbers(100_000), FSharpValues.squares(1000)));
    }
}
