using System.Linq.Expressions;
using FalServerless.Serialization.Closures;
using FalServerless.Tests.Shared.Expressions;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class BuiltTreesTravelTests
{
    public static IEnumerable<TheoryDataRow<string>> Trees => BuiltTrees.ByName.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Trees))]
    public void EveryTreeGivesThereWhatItGivesHere(string name)
    {
        var form = BuiltTrees.ByName[name];

        var there = Outcome.Of(() => Travelled.Invoke(form.Lambda, form.Arguments));

        Assert.Equal(form.Local(), there);
    }

    [Theory]
    [MemberData(nameof(Trees))]
    public void EveryTreeKeepsItsBytesThroughAJourney(string name)
    {
        var bytes = Travelled.Bytes(ClosureHoister.Hoist(BuiltTrees.ByName[name].Lambda).ToLambda());

        Assert.Equal(bytes, Travelled.Bytes(Travelled.Back(bytes)));
    }

    [Fact]
    public void TheTreesHereHoldEveryKindOfNode()
    {
        var seen = new NodeTypes();
        foreach (var form in ExpressionForms.All().Concat(BuiltTrees.ByName.Values))
        {
            seen.Visit(form.Lambda);
        }

        // A dynamic operation is never sent, and a node of another library only as what it reduces to.
        Assert.Empty(Enum.GetValues<ExpressionType>().Except(seen.Types).Except([ExpressionType.Dynamic, ExpressionType.Extension]));
    }

    private sealed class NodeTypes : ExpressionVisitor
    {
        public HashSet<ExpressionType> Types { get; } = [];

        public override Expression? Visit(Expression? node)
        {
            if (node is not null)
            {
                Types.Add(node.NodeType);
            }

            return base.Visit(node);
        }
    }
}
