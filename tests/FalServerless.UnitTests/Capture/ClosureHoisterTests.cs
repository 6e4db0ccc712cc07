using System.Linq.Expressions;
using FalServerless.Serialization.Closures;
using FalServerless.Tests.Shared.Expressions;
using FalServerless.UnitTests.Serialization.Expressions;

namespace FalServerless.UnitTests.Capture;

public class ClosureHoisterTests
{
    private int _field = 3;
    private readonly List<int> _list = [1];

    private int Property => _field;

    [Fact]
    public void ACapturedVariableBecomesAParameterBehindTheUsersOwn()
    {
        var (name, times) = ("you", 2);
        Expression<Func<int, string>> lambda = x => name + x + times + name;

        var hoisted = ClosureHoister.Hoist(lambda);

        Assert.Equal(["x", "name", "times"], hoisted.ToLambda().Parameters.Select(parameter => parameter.Name));
        Assert.Equal(["name", "times"], hoisted.Captured.Select(captured => captured.Name));
        Assert.Equal([typeof(string), typeof(int)], hoisted.Captured.Select(captured => captured.Type));
        Assert.Equal(["you", 2], hoisted.Captured.Select(captured => captured.Read()));
    }

    [Fact]
    public void AVariableIsReadAnewAtEachCall()
    {
        var count = 1;
        var captured = Assert.Single(Hoist(() => count + 1));
        Assert.Equal(1, captured.Read());

        count = 5;

        Assert.Equal(5, captured.Read());
    }

    [Fact]
    public void VariablesOfNestedScopesAreFoundThroughTheirChainOfClosures()
    {
        var outer = 1;
        for (var i = 0; i < 1; i++)
        {
            var middle = 2;
            foreach (var item in new[] { 3 })
            {
                var inner = item + 1;
                Assert.Equal(
                    ["outer", "middle", "item", "inner"],
                    Hoist(() => outer + middle + item + inner).Select(captured => captured.Name)
                );
            }
        }
    }

    [Fact]
    public void AVariableUsedInNestedLambdasAndQuotesIsOneParameter()
    {
        var (numbers, least) = (new[] { 1, 2, 3 }, 1);
        Expression<Func<int>> lambda = () => numbers.Count(x => x > least) + numbers.AsQueryable().Count(x => x > least) + least;

        Assert.Equal(["numbers", "least"], ClosureHoister.Hoist(lambda).Captured.Select(captured => captured.Name));
        Assert.Equal(5, Travelled.Invoke(lambda));
    }

    [Fact]
    public void AFieldOfThisTravelsAlone()
    {
        var captured = Assert.Single(Hoist(() => _field + _field));

        Assert.Equal(("this._field", typeof(int)), (captured.Name, captured.Type));
        Assert.Equal(3, captured.Read());
    }

    [Fact]
    public void AFieldOfThisBesideALocalTravelsAlone()
    {
        var local = 4;

        Assert.Equal(["this._field", "local"], Hoist(() => _field + local).Select(captured => captured.Name));
    }

    [Fact]
    public void AnyOtherUseOfThisTakesItWhole()
    {
        var local = 4;

        Assert.Same(this, Assert.Single(Hoist(() => Property)).Read());
        Assert.Equal(["this", "local"], Hoist(() => Property + local).Select(captured => captured.Name));
    }

    [Fact]
    public void AFieldBesideAUseOfTheWholeIsThatObjectsField()
    {
        var captured = Assert.Single(Hoist(() => Grow() + _field));
        Assert.Equal("this", captured.Name);

        _field = 3;
        Expression<Func<int>> lambda = () => _field + Grow() + _field + _list.Count;
        var local = lambda.Compile()();
        _field = 3;

        Assert.Equal(local, Travelled.Invoke(lambda));
    }

    [Fact]
    public void AParameterOfThePrimaryConstructorIsNamedAsInTheSource() =>
        Assert.Equal(["given", "this._own"], new Primary(5).Capture().Captured.Select(captured => captured.Name));

    [Fact]
    public void StaticFieldsStayInTheBody() => Assert.Empty(Hoist(() => string.Empty + Helpers.Counter));

    [Fact]
    public void NothingOfTheUsersRuns()
    {
        var trap = new Trap();

        foreach (
            var captured in Hoist(() => trap.Property + trap.ToString() + trap.GetHashCode())
                .Concat(
                    ClosureHoister.Hoist(Expression.Lambda(Expression.Property(Expression.Constant(trap), nameof(Trap.Property)))).Captured
                )
        )
        {
            Assert.Same(trap, captured.Read());
        }

        Assert.Equal(0, trap.Sprung);
    }

    [Fact]
    public void ConstantsOfABodyStayAndOthersAreHoisted()
    {
        var list = new List<int> { 1 };
        var body = Expression.NewArrayInit(
            typeof(object),
            Expression.Constant(list),
            Expression.Constant(5, typeof(object)),
            Expression.Constant(list, typeof(object)),
            Expression.Constant(typeof(int)),
            Expression.Constant(new[] { 1 })
        );

        var hoisted = ClosureHoister.Hoist(Expression.Lambda(body));

        Assert.Equal(["constant 1", "constant 2"], hoisted.Captured.Select(captured => captured.Name));
        Assert.Same(list, hoisted.Captured[0].Read());
    }

    [Fact]
    public void ACapturedVariableMayBeAssignedAndPassedByReference()
    {
        var number = 5;
        Expression<Func<int>> read = () => number;
        var increment = typeof(Interlocked).GetMethod(nameof(Interlocked.Increment), [typeof(int).MakeByRefType()])!;
        var lambda = Expression.Lambda(
            Expression.Block(Expression.AddAssign(read.Body, Expression.Constant(1)), Expression.Call(increment, read.Body), read.Body)
        );

        Assert.Single(ClosureHoister.Hoist(lambda).Captured);
        Assert.Equal(7, Travelled.Invoke(lambda));
        Assert.Equal(5, number);
    }

    [Fact]
    public void MoreThanSixteenVariablesTravel()
    {
        var captured = Enumerable.Range(0, 40).Select(Captured).ToArray();

        Assert.Equal(40, ClosureHoister.Hoist(Expression.Lambda(captured.Aggregate(Expression.Add))).Captured.Count);
        Assert.Equal(780, Travelled.Invoke(Expression.Lambda(captured.Aggregate(Expression.Add))));
    }

    [Fact]
    public void ALambdaThatCapturesNothingIsLeftAsItIs()
    {
        Expression<Func<int, int>> lambda = x => x + 1;

        Assert.Same(lambda, ClosureHoister.Hoist(lambda).ToLambda());
    }

    [Fact]
    public void AClosureUsedAsAnObjectTravelsWhole()
    {
        var number = 5;
        Expression<Func<int>> read = () => number;
        var closure = ((MemberExpression)read.Body).Expression!;
        var lambda = Expression.Lambda(
            Expression.Block(Expression.Call(closure, "GetType", null), Expression.Assign(read.Body, Expression.Constant(6)), read.Body)
        );

        Assert.Equal("closure", Assert.Single(ClosureHoister.Hoist(lambda).Captured).Name);
        Assert.Equal(6, Travelled.Invoke(lambda));
    }

    [Fact]
    public void ARefParameterOfTheLambdaStaysOne()
    {
        var by = 5;
        Expression<Func<int>> read = () => by;
        var (value, times) = (Expression.Parameter(typeof(int).MakeByRefType()), Expression.Parameter(typeof(int)));
        var lambda = Expression.Lambda<BuiltTrees.Changing>(Expression.Add(value, Expression.Multiply(read.Body, times)), value, times);

        var hoisted = ClosureHoister.Hoist(lambda).ToLambda();

        Assert.True(hoisted.Parameters[0].IsByRef);
        Assert.True(Travelled.There(hoisted).Parameters[0].IsByRef);
        Assert.Equal(11, Travelled.Invoke(lambda, 1, 2));
    }

    private static IReadOnlyList<CapturedVariable> Hoist<T>(Expression<Func<T>> lambda) => ClosureHoister.Hoist(lambda).Captured;

    private static Expression Captured(int value)
    {
        Expression<Func<int>> lambda = () => value;
        return lambda.Body;
    }

    private int Grow() => ++_field;

    private sealed class Primary(int given)
    {
        private readonly int _own = 2;

        public HoistedLambda Capture()
        {
            Expression<Func<int>> lambda = () => given + _own;
            return ClosureHoister.Hoist(lambda);
        }
    }

    private sealed class Trap
    {
        public int Sprung;

        public string Property => $"{++Sprung}";

        public override string ToString() => $"{++Sprung}";

        public override int GetHashCode() => ++Sprung;

        public override bool Equals(object? obj) => ++Sprung > 0;
    }
}
