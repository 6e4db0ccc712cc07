using CsCheck;
using FalServerless.Tests.Shared.Expressions;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class RandomTreesTests
{
    [Fact]
    public void RandomTreesGiveThereWhatTheyGiveHere() =>
        Gen.Select(RandomTree.Lambdas, Gen.Int[-5, 99], Gen.OneOf("text", "text", "text", null))
            .Sample(
                4000,
                tree =>
                {
                    var (lambda, number, text) = tree;
                    object?[] arguments = [number, text];

                    var there = Outcome.Of(() => Travelled.Invoke(lambda, arguments));

                    var here = new ExpressionForm("random", lambda, arguments).Local();
                    Assert.True(here == there, $"{here} here, {there} there");
                },
                tree => $"{tree.Item1} of {tree.Item2} and {tree.Item3 ?? "null"}"
            );
}
