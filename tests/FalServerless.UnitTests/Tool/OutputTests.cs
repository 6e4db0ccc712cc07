using FalServerless.Tool.Terminal;

namespace FalServerless.UnitTests.Tool;

public class OutputTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(99, "99s")]
    [InlineData(100, "1m")]
    [InlineData(3600, "60m")]
    [InlineData(36_000, "10h")]
    [InlineData(864_000, "10d")]
    public void ATimeSpanIsShownInItsLargestUnit(int seconds, string expected) =>
        Assert.Equal(expected, Output.Span(TimeSpan.FromSeconds(seconds)));
}
