using FalServerless.Tests.Shared.Fields;

namespace FalServerless.UnitTests.Capture.Fields;

public class UsedFieldsTests
{
    public static IEnumerable<TheoryDataRow<string>> Followed =>
        new Priced(9).Followed().Select(row => new TheoryDataRow<string>(row.Name));

    public static IEnumerable<TheoryDataRow<string>> Escaping =>
        new Priced(9).Escaping().Select(row => new TheoryDataRow<string>(row.Name));

    [Theory]
    [MemberData(nameof(Followed))]
    public void OnlyTheFieldsThatTheCodeUsesAreSent(string name)
    {
        var (_, body, fields) = new Priced(9).Followed().Single(row => row.Name == name);
        var arrival = Arrival.Of(body);

        Assert.Equal(fields, arrival.This<Priced>().Arrived);
        Assert.Equal(Arrival.Result(new Priced(9).Followed().Single(row => row.Name == name).Body), arrival.Run());
    }

    [Theory]
    [MemberData(nameof(Escaping))]
    public void AllFieldsAreSentWhereTheObjectGetsToCodeThatIsNotKnown(string name)
    {
        var (_, body) = new Priced(9).Escaping().Single(row => row.Name == name);
        var arrival = Arrival.Of(body);

        Assert.Equal(Priced.All, arrival.This<Priced>().Arrived);
        Assert.Equal(Arrival.Result(new Priced(9).Escaping().Single(row => row.Name == name).Body), arrival.Run());
    }
}
