using System.IO.Compression;
using FalServerless.Hosts;
using FalServerless.Packages;
using FalServerless.Runtime.Environments;
using FalServerless.Tests.Shared.Assemblies;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.Tests.Shared.Environments;

/// <summary>
/// A private feed in a folder, the NuGet.config that a program using it would have, and folders of its own for packages and environments.
/// </summary>
internal sealed class PackageFeed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackageFeed(string? source = null)
    {
        Directory.CreateDirectory(_folder.File("feed"));
        UseSource(source);
    }

    /// <summary>Has the program's NuGet.config name this source from now on; null is the feed's own folder.</summary>
    public void UseSource(string? source) =>
        System.IO.File.WriteAllText(
            Path.Combine(Directory.CreateDirectory(Program).Parent!.FullName, "NuGet.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.File("packages")}" /></config>
              <packageSources><clear /><add key="private" value="{source
                ?? _folder.File("feed")}" allowInsecureConnections="true" /></packageSources>
            </configuration>
            """
        );

    /// <summary>The folder of the program; its NuGet.config lies above.</summary>
    public string Program => _folder.File("solution/program");

    public string Environments => _folder.File("environments");

    public NuGetRestore Restore => new(Program);

    public EnvironmentStore Store(long limit = long.MaxValue) => new(Environments, limit, Restore.BuildAsync, TimeProvider.System);

    public LocalHost Host(params (string Name, string Value)[] settings) =>
        new(
            new Dictionary<string, string>(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
            {
                ["FAL_ENVIRONMENTS"] = Environments,
            },
            Program
        );

    public string File(string name) => _folder.File(name);

    /// <summary>A package with one assembly of the same name, whose <c>Given.Value</c> gives the number.</summary>
    public void Add(string name, string version, int value, string framework = "net10.0", params (string Name, string Range)[] needs)
    {
        var folder = Directory.CreateDirectory(_folder.File($"made/{name}.{version}")).FullName;
        var assembly = BuiltAssembly.Of(folder, name, value).Path;
        using var package = ZipFile.Open(_folder.File($"feed/{name}.{version}.nupkg"), ZipArchiveMode.Create);
        package.CreateEntryFromFile(assembly, $"lib/{framework}/{name}.dll");
        using var nuspec = new StreamWriter(package.CreateEntry(name + ".nuspec").Open());
        nuspec.Write(
            $"""
            <?xml version="1.0" encoding="utf-8"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{name}</id><version>{version}</version><authors>tests</authors><description>made for a test</description>
                <dependencies><group targetFramework="{framework}">{string.Concat(
                needs.Select(need => $"""<dependency id="{need.Name}" version="{need.Range}" />""")
            )}</group></dependencies>
              </metadata>
            </package>
            """
        );
    }

    public static EnvironmentDefinition Definition(params string[] requirements) => new(RequirementSet.Read(requirements));

    public void Dispose() => _folder.Dispose();
}
