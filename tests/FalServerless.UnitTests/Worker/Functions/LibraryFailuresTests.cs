using FalServerless.Protocol;
using FalServerless.Worker.Functions;

namespace FalServerless.UnitTests.Worker.Functions;

public class LibraryFailuresTests
{
    [Fact]
    public void ALibraryOfAnotherPlatformIsNamedWithItsPackageAndASuggestion()
    {
        LibraryFailures.Know([
            new()
            {
                Path = "runtimes/win-x64/native/sketch.dll",
                Platform = "win-x64",
                Package = "Sketch.Native",
            },
            new()
            {
                Path = "runtimes/win-arm64/native/sketch.dll",
                Platform = "win-arm64",
                Package = "Sketch.Native",
            },
        ]);
        LibraryFailures.Remember("sketch");

        Assert.Equal(
            $"The package 'Sketch.Native' brings the native library 'sketch' for win-arm64, win-x64, and not for this host, "
                + $"{NativePlatforms.Own}. Reference the package that brings it for "
                + $"{NativePlatforms.Own} in your program, publish the program for that runtime identifier, or add the package to "
                + $"Requirements.",
            LibraryFailures.WordsFor("Unable to load shared library 'sketch' or one of its dependencies. …")
        );
    }

    [Fact]
    public void ALibraryThatIsThereAndCannotBeLoadedKeepsTheReason()
    {
        LibraryFailures.Know([
            new()
            {
                Path = "runtimes/linux-x64/native/libpaint.so",
                Platform = "linux-x64",
                Package = "Paint.Native",
                Content = ContentHash.Of([1]),
            },
        ]);

        var words = LibraryFailures.WordsFor(
            "Unable to load shared library '/tmp/x/libpaint.so' or one of its dependencies. In order to …:\nlibfonts.so.1: cannot "
                + "open shared object file\n"
        );

        Assert.StartsWith("The native library 'libpaint.so' of the package 'Paint.Native' is here and cannot be loaded.", words);
        Assert.EndsWith("libfonts.so.1: cannot open shared object file", words);
    }

    [Theory]
    [InlineData("Words without a name")]
    [InlineData("A 'library' that nobody asked this worker for")]
    public void OtherWordsStay(string message) => Assert.Null(LibraryFailures.WordsFor(message));
}
