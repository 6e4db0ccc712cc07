namespace FalServerless.Runtime.Workers.Processes;

/// <summary>What a mount namespace holds: each entry of the machine's <c>/</c> as it is, and one folder at a place of its own.</summary>
/// <param name="folder">The folder that gets the place.</param>
/// <param name="place">A path at the root.</param>
internal sealed class NamespaceRoot(string folder, string place)
{
    // Where it is put together: a folder that every Linux has, in a mount that is there after chroot too. Inside it is as it is outside.
    private const string Site = "/proc/sys";

    // What mount makes of a space in its table, and of what else it takes for the end of a field.
    private static readonly Dictionary<char, string> Escapes = new()
    {
        [' '] = @"\040",
        ['\t'] = @"\011",
        ['\n'] = @"\012",
        ['\\'] = @"\134",
    };

    public string Folder => folder;

    public string Place => place;

    /// <summary>
    /// Makes the root in a mount namespace of its own, says its process number, and waits for the end of its input. What the machine mounts
    /// later comes in, what is mounted inside stays there. One call of <c>mount</c> with a table does the work of twenty. That the new root
    /// is unbindable meanwhile keeps it from being bound into itself.
    /// </summary>
    public string[] Command => ["/bin/sh", "-ec", Script()];

    private string Script()
    {
        var entries = new DirectoryInfo("/")
            .EnumerateFileSystemInfos()
            .Where(entry => entry.FullName != place)
            .ToLookup(KindOf, entry => entry.FullName);
        var table = entries[Kind.Folder]
            .Concat(entries[Kind.File])
            .Select(path => Bind(path, Site + path))
            .Append(Bind(folder, Site + place));
        return $"""
            PATH="$PATH:/usr/sbin:/sbin"
            # After chroot the root is often no mount: then it cannot be exchanged, only left.
            if mount -n --make-rslave / 2>/dev/null; then exchange=yes; else exchange=; mount -n --make-rslave /proc; fi
            mount -n -t tmpfs -o mode=755 --make-unbindable fal-serverless {Site}
            cd {Site}
            mkdir {Words([.. entries[Kind.Folder].Append(place).Select(path => '.' + path)])}
            {string.Join('\n', entries[Kind.File].Select(path => $": > {Quote('.' + path)}"))}
            {(entries[Kind.Link].Any() ? $"cp -P {Words(entries[Kind.Link])} ." : "")}
            printf '%s\n' {Quote(string.Join('\n', table))} > {Quote($".{place}/table")}
            mount -n -a -T {Quote($".{place}/table")}
            if [ "$exchange" ]; then pivot_root . {Quote('.' + place)}; umount -n -l {Quote('.' + place)}; fi
            mount -n --make-private --make-rslave .
            exec chroot . /bin/sh -c 'echo $$; read -r _'
            """;
    }

    // A folder's own mounts come along, and an entry may go between the look and the bind.
    private static string Bind(string source, string target) => $"{Escape(source)} {Escape(target)} none rbind,nofail 0 0";

    private static string Escape(string path) => string.Concat(path.Select(letter => Escapes.GetValueOrDefault(letter) ?? $"{letter}"));

    private static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static Kind KindOf(FileSystemInfo entry) =>
        entry.LinkTarget is not null ? Kind.Link
        : entry is DirectoryInfo ? Kind.Folder
        : Kind.File;

    private enum Kind
    {
        Folder,
        File,
        Link,
    }
}
