using System.Diagnostics;

namespace FalServerless.Tests.Runtime.Workers;

/// <summary>The mount namespaces of this machine, as the tests see them.</summary>
internal static class Namespaces
{
    private static readonly Lazy<bool> Permitted = new(Try);

    /// <summary>Skips where this user may not make them: the host then falls back, and that has other tests.</summary>
    public static void Need() =>
        Assert.SkipUnless(Permitted.Value, "bubblewrap cannot make a mount namespace here: install it (./build.sh setup) and run the tests as root on Linux, or as a user who may make user namespaces.");

    /// <summary>The processes that see something of this folder mounted.</summary>
    public static IReadOnlyList<int> Mounting(string folder) =>
        [.. Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0).Where(id => id > 0 && Mounts(id).Contains(folder, StringComparison.Ordinal))];

    private static string Mounts(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/mountinfo");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/bwrap") || !File.Exists("/usr/bin/nsenter"))
        {
            return false;
        }

        using var trial = Process.Start("/usr/bin/bwrap", ["--dev-bind", "/", "/", "true"]);
        trial.WaitForExit();
        return trial.ExitCode == 0;
    }
}
