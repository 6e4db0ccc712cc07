using FalServerless.Internal;

namespace FalServerless.UnitTests.Internal;

public class PluralTests
{
    [Theory]
    [InlineData(0, "worker", "0 workers")]
    [InlineData(1, "worker", "1 worker")]
    [InlineData(2, "worker", "2 workers")]
    [InlineData(2, "entry", "2 entries")]
    [InlineData(2, "key", "2 keys")]
    public void ACountIsFollowedByItsWord(long count, string one, string expected) => Assert.Equal(expected, Plural.Of(count, one));
}
