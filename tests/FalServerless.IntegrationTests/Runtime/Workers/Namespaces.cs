using System.Diagnostics;

namespace FalServerless.IntegrationTests.Runtime.Workers;

/// <summary>The mount namespaces of this machine, as the tests see them.</summary>
internal static class Namespaces
{
    private static readonly Lazy<bool> Permitted = new(Try);

    /// <summary>Skips where this user may not make them: the host then falls back, and that has other tests.</summary>
    public static void Need() =>
        Assert.SkipUnless(
            Permitted.Value,
            "A mount namespace cannot be made here: run the tests as root on Linux, or as a user who may make user namespaces."
        );

    /// <summary>Skips where the tests do not run as root.</summary>
    public static void NeedRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can do this: run the tests as root.");

    /// <summary>The processes that see something of this folder mounted.</summary>
    public static IReadOnlyList<int> Mounting(string folder) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
                .Where(id => id > 0 && Mounts(id).Contains(folder, StringComparison.Ordinal)),
        ];

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
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        string[] users = Environment.IsPrivilegedProcess ? [] : ["--user", "--map-current-user", "--keep-caps"];
        using var trial = Process.Start("/usr/bin/unshare", [.. users, "--mount", "true"]);
        trial.WaitForExit();
        return trial.ExitCode == 0;
    }
}
