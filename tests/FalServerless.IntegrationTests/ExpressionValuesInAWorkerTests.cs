using System.Linq.Expressions;
using FalServerless.Hosts;

namespace FalServerless.IntegrationTests;

/// <summary>Expressions that are values of calls, through everything.</summary>
public sealed class ExpressionValuesInAWorkerTests : IDisposable
{
    private readonly LocalHost _host = new();

    private IsolatedOptions Options => new() { Host = _host };

    public void Dispose() => _host.Dispose();

    [Fact]
    public void APredicateIsCapturedByExpressionsAndBlocks()
    {
        var limit = 3;
        Expression<Func<int, bool>> isMore = number => number > limit;
        var numbers = new[] { 1, 2, 3, 4, 5 };
        var expression = Isolated.Create(() => numbers.AsQueryable().Count(isMore), Options);
        var block = Isolated.FromDelegate(
            () =>
            {
                var found = numbers.AsQueryable().Where(isMore);
                return found.Sum();
            },
            Options
        );

        Assert.Equal((2, 9), (expression.Invoke(), block.Invoke()));
        limit = 4;
        Assert.Equal((1, 5), (expression.Invoke(), block.Invoke()));
    }

    [Fact]
    public void ACallerSuppliesThePredicateOfARepository()
    {
        var repository = new Repository { Orders = [new(1, 10m), new(2, 99m)] };
        var find = Isolated.Create((Expression<Func<Order, bool>> which) => repository.Find(which), Options);

        Assert.Equal([2], find.Invoke(order => order.Total > 50m));
        Assert.Equal([1, 2], find.Invoke(order => order.Id > 0));
    }

    [Fact]
    public void AnExpressionComesBackAsDataWithWhatItCaptured()
    {
        var make = Isolated.FromDelegate(
            (int least) =>
            {
                Expression<Func<Order, bool>> made = order => order.Id >= least && order.Total > 1m;
                return made;
            },
            Options
        );

        var made = make.Invoke(7);

        Assert.StartsWith("order => ((order.Id >= ", made.ToString(), StringComparison.Ordinal);
        Assert.Equal([true, false], new[] { new Order(7, 2m), new Order(6, 2m) }.Select(made.Compile()));
    }

    private sealed record Order(int Id, decimal Total);

    private sealed class Repository
    {
        public List<Order> Orders = [];

        public List<int> Find(Expression<Func<Order, bool>> which) => [.. Orders.AsQueryable().Where(which).Select(order => order.Id)];
    }
}
