#if !DEBUG
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;
using System.Text;

namespace FalServerless.UnitTests;

/// <summary>What is packed says nothing of the machine that built it. A debug build does, for the debugger.</summary>
public class PackedFilesTests
{
    private static readonly string Repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    public static TheoryData<string> Names =>
        new(
            "FalServerless.dll",
            "FalServerless.Testing.dll",
            Path.Combine("fal-serverless", "FalServerless.dll"),
            Path.Combine("fal-serverless", "FalServerless.Runtime.dll"),
            Path.Combine("fal-serverless", "FalServerless.Worker.dll")
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void NoPathOfTheMachineIsInIt(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name);
        Assert.Equal(-1, File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Repository)));

        using var symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(path, "pdb")));
        var reader = symbols.GetMetadataReader();
        var sources = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToArray();

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.StartsWith("/_/", source, StringComparison.Ordinal));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
#endif
