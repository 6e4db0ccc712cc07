using System.Data;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.IntegrationTests.Serialization.Values.Framework;

/// <summary>The framework's everyday types arrive as themselves.</summary>
public class FrameworkTypesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachSampleGoesToARealWorkerAndBack()
    {
        var samples = Samples.All();

        var (there, back) = await Isolated.Create(() => Look(samples)).InvokeAsync(Token);

        var here = samples.Select(Describing.Describe).ToArray();
        Assert.Equal(here, there);
        Assert.Equal(here, back.Select(Describing.Describe));
    }

    [Fact]
    public async Task ComparersThatAreMadeFromCodeCompareInAWorker()
    {
        var down = Comparer<int>.Create((x, y) => y - x);
        var parity = EqualityComparer<int>.Create((x, y) => x % 2 == y % 2, x => x % 2);
        var set = new SortedSet<int>(down) { 1, 3, 2 };

        Assert.Equal("3,2,1 3,1 True", await Isolated.Create(() => Compare(set, down, parity)).InvokeAsync(Token));
        Assert.Contains(
            "does not come back",
            Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(down)).Reason,
            StringComparison.Ordinal
        );
    }

    private static (string[], object[]) Look(object[] samples) => ([.. samples.Select(Describing.Describe)], samples);

    private static string Compare(SortedSet<int> set, Comparer<int> down, EqualityComparer<int> parity) =>
        $"{string.Join(",", set)} {string.Join(",", new[] { 1, 3 }.Order(down))} {parity.Equals(1, 3)}";
}
