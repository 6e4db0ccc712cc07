using System.Buffers;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Uploads;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Runtime.Files;

public class HostilePathsTests
{
    private static readonly string[] Parts =
    [
        "..",
        ".",
        "",
        "a",
        "b",
        "link",
        "/",
        "//",
        "\\",
        "..\\",
        "\0",
        "a\0",
        "~",
        "C:",
        "\n",
        "\u202e",
        "\ud800",
        "\udfff",
        new('x', 256),
        new('ö', 128),
        new('x', 255),
        "files",
        "uploads",
        "etc",
        "data",
        "%2e%2e",
        "..%2f",
        "...",
        ".. ",
        " ..",
        "．．",
    ];

    [Fact]
    public async Task NoPathOfAManifestReachesBeyondTheData()
    {
        var random = Printed.Random(nameof(NoPathOfAManifestReachesBeyondTheData));
        using var surroundings = new TemporaryFolder();
        await File.WriteAllTextAsync(surroundings.File("a"), "of the host", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(surroundings.File("etc"));
        using var data = new DataUnderTest(surroundings.File("data"));
        await data.UploadAsync("/data/x", mirror: false, ("a", "1"));
        File.CreateSymbolicLink(data.PathOf("x/link"), surroundings.Path);
        File.CreateSymbolicLink(data.PathOf("link"), surroundings.Path);
        var before = Beyond(surroundings, data);
        var (refused, accepted) = (0, 0);
        for (var i = 0; i < Printed.Cases(12_000); i++)
        {
            try
            {
                var manifest = Manifest(random);
                if (manifest.Entries.Any(entry => entry.Kind == DataEntryKind.File))
                {
                    await data.TakeAsync("1");
                }

                var answer = await data.Store.Uploads.ApplyAsync(
                    DataManifestCodec.Read(new(Bytes(manifest))),
                    TestContext.Current.CancellationToken
                );
                accepted += answer.Path is null ? 0 : 1;
            }
            catch (Exception e) when (e is ProtocolException or DataException)
            {
                refused++;
            }
        }

        Assert.Equal(before, Beyond(surroundings, data));
        Assert.True(refused > Printed.Cases(5000) && accepted > Printed.Cases(100), $"{refused} refused, {accepted} accepted");
    }

    [Fact]
    public void AnyBytesAreAManifestOrRefused()
    {
        var bytes = Bytes(
            new()
            {
                Directory = "/data/x",
                Entries = [DataUnderTest.Folder("d"), DataUnderTest.File("d/f", "1"), DataUnderTest.Link("l", "d")],
            }
        );
        Mutation
            .Of(bytes)
            .Sample(
                20_000,
                mutated =>
                {
                    try
                    {
                        var manifest = DataManifestCodec.Read(new(mutated));
                        Assert.All(manifest.Entries, entry => Assert.Null(DataPath.EntryError(entry.Path)));
                    }
                    catch (ProtocolException) { }
                },
                Convert.ToHexString
            );
    }

    private static DataManifest Manifest(Random random)
    {
        var entries = new List<ManifestEntry>();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var path = Path(random, "");
            entries.Add(
                random.Next(3) switch
                {
                    0 => DataUnderTest.Folder(path),
                    1 => DataUnderTest.Link(path, Path(random, "")),
                    _ => DataUnderTest.File(path, "1"),
                }
            );
        }

        return new()
        {
            Directory = random.Next(3) == 0 ? Path(random, "/data/") : "/data/x",
            Mirror = random.Next(8) == 0,
            Entries = entries,
        };
    }

    private static string Path(Random random, string start)
    {
        var path = start;
        for (var parts = random.Next(1, 5); parts > 0; parts--)
        {
            path += Parts[random.Next(Parts.Length)] + (parts > 1 && random.Next(5) > 0 ? "/" : "");
        }

        return path;
    }

    // Lone surrogates cannot be written as they are; a forger would write the bytes.
    private static byte[] Bytes(DataManifest manifest)
    {
        var bytes = new ArrayBufferWriter<byte>();
        DataManifestCodec.Write(bytes, manifest);
        return bytes.WrittenSpan.ToArray();
    }

    private static string[] Beyond(TemporaryFolder surroundings, DataUnderTest data) =>
        [
            .. FolderImage
                .Of(surroundings.Path)
                .Where(line =>
                    !line.StartsWith("data/files/", StringComparison.Ordinal) && !line.StartsWith("data/uploads/", StringComparison.Ordinal)
                ),
            $"{data.Directory}",
        ];
}
