using FalServerless.Capture;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Capture;

public class ProgramLibrariesTests
{
    private const string List = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
          "targets": { ".NETCoreApp,Version=v10.0": {
            "App/1.0.0": {
              "dependencies": { "Drawing": "1.0.0", "Drawing.NativeAssets.Linux": "1.0.0", "Data": "1.0.0", "Plugin": "1.0.0" },
              "runtime": { "App.dll": {} }
            },
            "Plugin/1.0.0": { "runtime": { "Plugin.dll": {} } },
            "Drawing/1.0.0": { "runtime": { "lib/net8.0/Drawing.dll": {} } },
            "Drawing.NativeAssets.Linux/1.0.0": { "runtimeTargets": {
              "runtimes/linux-x64/native/libdrawing.so": { "rid": "linux-x64", "assetType": "native" },
              "runtimes/win-x64/native/drawing.dll": { "rid": "win-x64", "assetType": "native" } } },
            "Data/1.0.0": { "dependencies": { "Data.Core": "1.0.0", "Data.Provider": "1.0.0" }, "runtime": { "lib/net8.0/_._": {} } },
            "Data.Core/1.0.0": { "runtime": { "lib/net8.0/Data.dll": {} } },
            "Data.Provider/1.0.0": { "runtime": { "lib/net8.0/Data.Provider.dll": {} } },
            "xunit.runner/1.0.0": { "dependencies": { "Data.Core": "1.0.0" } },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "native": { "libcoreclr.so": {} } } } },
          "libraries": {
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "type": "runtimepack" },
            "Drawing/1.0.0": { "type": "package", "path": "drawing/1.0.0" }
          }
        }
        """;

    [Theory]
    [InlineData("App", "App Data Data.Core Data.Provider Drawing Drawing.NativeAssets.Linux Plugin")]
    [InlineData("Drawing", "Drawing Drawing.NativeAssets.Linux")]
    [InlineData("Data", "Data Data.Core Data.Provider")]
    [InlineData("Plugin", "Plugin")]
    public void WhatBelongsToAnAssemblyIsWhatItsPackageNeedsAndWhatBringsItsParts(string assembly, string belonging)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("App.deps.json"), List);
        var libraries = ProgramLibraries.Of(folder.File("App.deps.json"));
        var reached = new SortedSet<string>(StringComparer.Ordinal);
        var pending = new Stack<ProgramLibrary>([libraries.Owner(assembly)!]);
        while (pending.TryPop(out var library))
        {
            if (reached.Add(library.Name))
            {
                libraries.BelongingTo(library).ToList().ForEach(pending.Push);
            }
        }

        Assert.Equal(belonging, string.Join(' ', reached));
    }

    [Fact]
    public void NativeLibrariesAreFoundWhereThePackageHasThemAndWhereAPublishedProgramDoes()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("App.deps.json"), List);
        var library = DependencyFile.Read(folder.File("App.deps.json")).Single(library => library.Natives.Count > 0);
        var linux = library.Natives.Single(asset => asset.Platform == "linux-x64");

        Assert.Null(library.FileOf(linux));
        File.WriteAllText(folder.File("libdrawing.so"), "flat");
        Assert.Equal(folder.File("libdrawing.so"), library.FileOf(linux));
        Directory.CreateDirectory(folder.File("runtimes/linux-x64/native"));
        File.WriteAllText(folder.File(linux.Path), "of the package");
        Assert.Equal(folder.File(linux.Path), library.FileOf(linux));
        Assert.Null(library.FileOf(library.Natives.Single(asset => asset.Platform == "win-x64")));
    }

    [Fact]
    public void AProgramThatIsPublishedForAPlatformHasItsLibrariesForThat()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder.File("App.deps.json"),
            """
            {
              "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0/linux-arm64" },
              "targets": { ".NETCoreApp,Version=v10.0": {}, ".NETCoreApp,Version=v10.0/linux-arm64": {
                "Drawing/1.0.0": { "native": { "runtimes/linux-arm64/native/libdrawing.so": {}, "../outside.so": {} } } } },
              "libraries": {}
            }
            """
        );

        Assert.Equal(
            [new("runtimes/linux-arm64/native/libdrawing.so", "linux-arm64")],
            DependencyFile.Read(folder.File("App.deps.json")).Single().Natives
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "runtimeTarget": { "name": null } }""")]
    [InlineData("""{ "runtimeTarget": { "name": "x" }, "targets": { "x": [1] }, "libraries": {} }""")]
    [InlineData("""{ "runtimeTarget": { "name": "x" }, "targets": { "x": { "a/1": 1 } }, "libraries": {} }""")]
    public void AListThatCannotBeReadIsNone(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("App.deps.json"), text);

        Assert.Empty(DependencyFile.Read(folder.File("App.deps.json")));
        Assert.Empty(DependencyFile.Read(folder.File("none.deps.json")));
    }
}
