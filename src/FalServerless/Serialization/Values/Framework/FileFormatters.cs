namespace FalServerless.Serialization.Values;

/// <summary>The names of files and folders. A relative one is sent as the whole path: the worker's current folder is another one.</summary>
internal static class FileFormatters
{
    public static ValueFormatter FileInfo(FormatterResolver formatters) =>
        Surrogates.Class<FileInfo, string>(
            formatters,
            file => Path.IsPathFullyQualified(file.ToString()) ? file.ToString() : file.FullName,
            path => new(path)
        );

    public static ValueFormatter DirectoryInfo(FormatterResolver formatters) =>
        Surrogates.Class<DirectoryInfo, string>(
            formatters,
            folder => Path.IsPathFullyQualified(folder.ToString()) ? folder.ToString() : folder.FullName,
            path => new(path)
        );

    public static ValueFormatter DriveInfo(FormatterResolver formatters) =>
        Surrogates.Class<DriveInfo, string>(formatters, drive => drive.Name, name => new(name));

    public static ValueFormatter EnumerationOptions(FormatterResolver formatters) =>
        Surrogates.Class<EnumerationOptions, (FileAttributes, int, bool, bool, int, MatchCasing, MatchType, bool)>(
            formatters,
            it =>
                (
                    it.AttributesToSkip,
                    it.BufferSize,
                    it.IgnoreInaccessible,
                    it.RecurseSubdirectories,
                    it.MaxRecursionDepth,
                    it.MatchCasing,
                    it.MatchType,
                    it.ReturnSpecialDirectories
                ),
            parts =>
                new()
                {
                    AttributesToSkip = parts.Item1,
                    BufferSize = parts.Item2,
                    IgnoreInaccessible = parts.Item3,
                    RecurseSubdirectories = parts.Item4,
                    MaxRecursionDepth = parts.Item5,
                    MatchCasing = parts.Item6,
                    MatchType = parts.Item7,
                    ReturnSpecialDirectories = parts.Item8,
                }
        );
}
