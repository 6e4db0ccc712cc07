using System.Text;

namespace FalServerless.IntegrationTests.Sync;

/// <summary>Makes folders of all that an upload must keep.</summary>
internal static class RandomTree
{
    private static readonly string[] Names =
    [
        "a",
        "b c",
        "ünïcödé",
        "日本語",
        "🎈",
        "-rf",
        "~",
        "new\nline",
        "tab\t",
        "'quoted'",
        "\"double\"",
        "$HOME",
        "*",
        "?",
        "[x]",
        "back`tick",
        ".hidden",
        "trailing.",
        " leading",
        new string('n', 255),
        new string('ö', 127),
    ];

    public static void Make(string directory, Random random, int entries)
    {
        var folders = new List<string> { directory };
        for (var i = 0; i < entries; i++)
        {
            var parent = folders[random.Next(folders.Count)];
            var path = Path.Combine(parent, random.Next(3) == 0 ? Names[random.Next(Names.Length)] : $"entry {i}");
            if (Path.Exists(path) || Encoding.UTF8.GetByteCount(path) > 3000)
            {
                continue;
            }

            switch (random.Next(6))
            {
                case 0 or 1:
                    Directory.CreateDirectory(path);
                    folders.Add(path);
                    break;
                case 2:
                    File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, folders[random.Next(folders.Count)]));
                    break;
                default:
                    MakeFile(path, random);
                    break;
            }
        }

        foreach (var folder in folders.Skip(1))
        {
            Chmod(folder, random.Next(2) == 0 ? 0b111_101_101 : 0b101_101_101);
        }
    }

    private static void MakeFile(string path, Random random)
    {
        var bytes = new byte[
            random.Next(5) switch
            {
                0 => 0,
                1 => random.Next(1 << 20),
                _ => random.Next(4096),
            }
        ];
        random.NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
        Chmod(
            path,
            random.Next(3) switch
            {
                0 => 0b111_101_101,
                1 => 0b110_100_100,
                _ => 0b100_000_000,
            }
        );
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 365 * 60)));
    }

    private static void Chmod(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)mode);
        }
    }
}
