using FalServerless.Protocol;

namespace FalServerless.IntegrationTests.Worker.Functions;

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

    [Theory]
    [InlineData("type", "own")]
    [InlineData("assembly", "Plugin")]
    [InlineData("instance", "own")]
    [InlineData("converter", "Point { X = 1, Y = 2 }")]
    [InlineData("named converter", "NamedPoint { X = 1, Y = 2 }")]
    public void NamesAreFoundInExpressionsAndBlocksAlike(string what, string found)
    {
        Assert.Equal(found, run.Found[$"expression: {what}"]);
        Assert.Equal(found, run.Found[$"block: {what}"]);
    }

    [Theory]
    [InlineData("async: named converter", "NamedPoint { X = 1, Y = 2 }")]
    [InlineData("async: type", "own")]
    [InlineData("thread without the flow", "PointConverterPlugin")]
    public void NamesAreFoundWhereverTheBodyGoesOn(string what, string found) => Assert.Equal(found, run.Found[what]);

    [Theory]
    [InlineData("json", "Circle")]
    [InlineData("xml", "c")]
    [InlineData("contract", "Circle")]
    [InlineData("scan", "Circle Shape")]
    [InlineData("loaded", "True")]
    [InlineData("entry", "SurroundingsProgram")]
    public void FrameworksFindTheProgramsTypes(string what, string found) => Assert.Equal(found, run.Found[what]);

    [Theory]
    [InlineData("missing type")]
    [InlineData("missing assembly")]
    public void AnAssemblyThatIsAskedForByNameAndNowhereIsNamedWithASuggestion(string what) =>
        Assert.Equal(
            "- FileNotFoundException: The body asks for the assembly 'Nope.Part' by its name, and it is neither among what the "
                + "program brings nor in the function's environment. "
                + "Reference 'Nope.Part' in your program, so that its list of dependencies (.deps.json) has it, or add its package to "
                + "Requirements.",
            run.Found[what]
        );

    [Theory]
    [InlineData("expression: plug-in", "plug-in")]
    [InlineData("block: plug-in", "plug-in")]
    [InlineData("folder", "SurroundingsPlugin.dllTrue")]
    public void AProjectThatNoCodeRefersToIsFoundByItsName(string what, string found) => Assert.Equal(found, run.Found[what]);

    [Theory]
    [InlineData("sqlite", "42")]
    [InlineData("sqlite in an expression", "42")]
    [InlineData("sqlite of the package alone", "42")]
    [InlineData("native by name", "True")]
    public void APackageWithProviderAndNativeLibraryWorksWithoutRequirements(string what, string found) =>
        Assert.Equal(found, run.Found[what]);

    [Fact]
    public void ANativeLibraryLiesBesideTheAssembliesAndWhereItsPackageHasItForThisPlatformAlone()
    {
        var libraries = run.Found["natives"].Split(' ').Where(path => !path.EndsWith(".dll", StringComparison.Ordinal));

        Assert.Equal(["libe_sqlite3.so", $"runtimes/{NativePlatforms.Own}/native/libe_sqlite3.so"], libraries);
    }

    [Fact]
    public void ALibraryThatIsNowhereIsNamedWithASuggestion() =>
        Assert.Equal(
            $"- DllNotFoundException: The native library 'nope_native' is neither among what the program's packages bring, nor in the "
                + $"function's environment, nor on this host ({NativePlatforms.Own}). "
                + $"Reference the package that brings it for {NativePlatforms.Own} in your program, add that package to Requirements, "
                + $"or install the library on the host.",
            run.Found["missing library"]
        );

    [Fact]
    public void TheListOfDependenciesIsTheProgramsOwn() => Assert.Equal("SurroundingsProgram.deps.json", run.Found["dependencies"]);
}
