namespace FalServerless.Runtime.Diagnosis;

/// <summary>
/// Whether a folder of the host can be written, and what room its disk has. A folder that is missing stays so: then it is its nearest
/// parent that counts.
/// </summary>
internal static class FolderCheck
{
    private const long Little = 1L << 30;
    private const long TooLittle = 100L << 20;

    /// <param name="name">What the folder is.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="setting">What names another one.</param>
    /// <param name="size">An amount of bytes as people read it.</param>
    public static Finding Run(string name, string path, string setting, Func<long, string> size)
    {
        var existing = path;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        var found = $"'{path}'{(existing == path ? "" : ", to be made")}";
        try
        {
            Probe(existing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Fails(
                name,
                $"{found}: {e.Message.TrimEnd('.')}",
                $"Make '{existing}' writable for this user, or name another folder with {setting}."
            );
        }

        var free = new DriveInfo(existing).AvailableFreeSpace;
        found = $"{found}, {size(free)} free";
        return free < TooLittle ? Finding.Fails(name, found, $"Make room on that disk, or name another folder with {setting}.")
            : free < Little
                ? Finding.Limited(name, found, $"Make room on that disk before it is full, or name another folder with {setting}.")
            : Finding.Works(name, found);
    }

    private static void Probe(string folder)
    {
        using var probe = new FileStream(
            Path.Combine(folder, $".fal-{Path.GetRandomFileName()}"),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.None,
            1,
            FileOptions.DeleteOnClose
        );
        probe.WriteByte(0);
        probe.Flush();
    }
}
