namespace FalServerless.Tests.Worker.Functions;

public class SurroundingsTests(SurroundingsRun run) : IClassFixture<SurroundingsRun>
{
    [Theory]
    [InlineData("satellite", "Guten Tag")]
    [InlineData("satellite of a country", "Servus")]
    [InlineData("satellite of a parent", "Auf Wiedersehen")]
    [InlineData("satellite of a child", "Guten Tag")]
    [InlineData("satellite of the current culture", "Guten Tag")]
    [InlineData("no satellite", "Hello")]
    public void TextsAreThoseOfTheCulture(string what, string text) => Assert.Equal(text, run.Found[what]);
}
