using FalServerless.Hosts;

namespace FalServerless.IntegrationTests;

/// <summary>Chains of 100,000 objects, through everything, on the smallest machine type.</summary>
public sealed class DeepValuesInAWorkerTests : IDisposable
{
    private const int Length = 100_000;

    private readonly LocalHost _host = new();

    private IsolatedOptions Options => new() { Host = _host };

    public void Dispose() => _host.Dispose();

    [Fact]
    public void AChainGoesThereAndComesBack()
    {
        var chain = Link.Chain(Length);

        Assert.Equal(Length, Isolated.Create((Link first) => Link.Count(first), Options).Invoke(chain));
        Assert.Equal(Length, Link.Count(Isolated.Create(() => chain, Options).Invoke()));
    }

    [Fact]
    public void AChainThatMayHoldCodeIsLookedThroughToo()
    {
        var chain = Link.Chain(Length);
        chain.Action = () => { };

        Assert.Equal(Length, Isolated.FromDelegate(() => Link.Count(chain), Options).Invoke());
    }

    [Fact]
    public void ALongerChainIsRefusedInAShortMessage()
    {
        var error = Assert.Throws<CaptureException>(() =>
            Isolated.Create((Link first) => Link.Count(first), Options).Invoke(Link.Chain(300_000))
        );

        Assert.StartsWith("first.Next.Next.", error.Path, StringComparison.Ordinal);
        Assert.Contains("200,000 values", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 500);
    }

    private sealed class Link
    {
        public Link? Next;
        public Action? Action;

        public static Link Chain(int length)
        {
            var first = new Link();
            for (var i = 1; i < length; i++)
            {
                first = new() { Next = first };
            }

            return first;
        }

        public static int Count(Link? link)
        {
            var count = 0;
            for (; link is not null; link = link.Next)
            {
                count++;
            }

            return count;
        }
    }
}
