using FalServerless.Serialization.Closures;
using FalServerless.Tests.Shared.Expressions;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class FormsTravelTests
{
    public static IEnumerable<TheoryDataRow<string>> Forms => ExpressionForms.Names;

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryFormGivesThereWhatItGivesHere(string name)
    {
        var form = ExpressionForms.Named(name);

        var there = Outcome.Of(() => Travelled.Invoke(form.Lambda, (object?[])form.Arguments.Clone()));

        Assert.Equal(form.Local(), there);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryFormIsWrittenTheSameAgainAndAfterItsJourney(string name)
    {
        var lambda = ClosureHoister.Hoist(ExpressionForms.Named(name).Lambda).ToLambda();

        var bytes = Travelled.Bytes(lambda);

        Assert.Equal(bytes, Travelled.Bytes(lambda));
        Assert.Equal(bytes, Travelled.Bytes(Travelled.Back(bytes)));
    }
}
