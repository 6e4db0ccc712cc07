using FalServerless.Tests.Shared.Expressions;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class RandomTreesTests
{
    [Fact]
    public void RandomTreesGiveThereWhatTheyGiveHere()
    {
        var random = Printed.Random(nameof(RandomTreesGiveThereWhatTheyGiveHere));
        for (var round = 0; round < 2000; round++)
        {
            var lambda = new RandomTree(random).Make();
            object?[] arguments = [random.Next(-5, 100), random.Next(4) == 0 ? null : "text"];
            var form = new ExpressionForm("random", lambda, arguments);

            var there = Outcome.Of(() => Travelled.Invoke(lambda, arguments));

            var here = form.Local();
            Assert.True(here == there, here == there ? null : $"{here} here, {there} there, round {round}: {lambda}");
        }
    }
}
