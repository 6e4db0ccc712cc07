using System.Diagnostics;
using System.Globalization;
using FalServerless.Internal;

namespace FalServerless.Hosts;

/// <summary>
/// A folder for one runtime, for its owner's eyes only: <c>fal-&lt;process id&gt;-&lt;random&gt;</c> in the temporary folder.
/// Those that a killed program left behind are cleared by the next one.
/// </summary>
internal static class PrivateFolder
{
    private const string Prefix = "fal-";

    public static string Create()
    {
        ClearAbandoned();
        return PrivateFiles.MakeFolder(
            Path.Combine(
                Path.GetTempPath(),
                string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Path.GetRandomFileName().AsSpan(0, 8)}")
            )
        );
    }

    public static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Already gone, or still in use by a process that is ending: the next program clears it.
        }
    }

    private static void ClearAbandoned()
    {
        foreach (var path in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var parts = Path.GetFileName(path).Split('-');
            if (parts.Length == 3 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var owner) && !IsRunning(owner))
            {
                Delete(path);
            }
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
