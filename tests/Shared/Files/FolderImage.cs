using System.Globalization;
using System.Security.Cryptography;

namespace FalServerless.Tests.Shared.Files;

/// <summary>All that an upload keeps of a folder, a line for each entry.</summary>
internal static class FolderImage
{
    public static IReadOnlyList<string> Of(string directory) =>
        [.. Below(new(directory)).Select(info => Line(Path.GetRelativePath(directory, info.FullName), info)).Order(StringComparer.Ordinal)];

    // Through no link: one may lead back up.
    private static IEnumerable<FileSystemInfo> Below(DirectoryInfo folder) =>
        folder
            .EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 })
            .SelectMany(info => info is DirectoryInfo below && info.LinkTarget is null ? Below(below).Prepend(info) : [info]);

    private static string Line(string path, FileSystemInfo info) =>
        info switch
        {
            { LinkTarget: { } target } => $"{path} -> {target}",
            FileInfo file => string.Create(
                CultureInfo.InvariantCulture,
                $"{path} {Mode(info)} {file.LastWriteTimeUtc:O} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.FullName)))}"
            ),
            _ => $"{path}/ {Mode(info)}",
        };

    private static string Mode(FileSystemInfo info) => OperatingSystem.IsWindows() ? "" : info.UnixFileMode.ToString();
}
