using System.Globalization;

namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>
/// The name of a gateway's groups: <c>fal-&lt;namespace of its process id&gt;-&lt;process id&gt;-&lt;start&gt;</c>. It says whether that
/// gateway still lives, and no other one can have it: a process id comes again, but not with the same start.
/// </summary>
internal static class GatewayName
{
    private const string Prefix = "fal-";

    // "pid:[4026531836]": containers that see one hierarchy may not see each other's processes.
    private static readonly string Namespace = new([
        .. (File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? "").Where(char.IsAsciiDigit),
    ]);

    public static string Own { get; } = Of(Environment.ProcessId) ?? throw new IOException("This process cannot be found in /proc.");

    /// <summary>Whether the name is that of a gateway which would be seen from here, and is not.</summary>
    public static bool IsOfADeadOne(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && name.Split('-') is [_, var space, var id, _]
        && space == Namespace
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
        && Of(processId) != name;

    private static string? Of(int processId)
    {
        try
        {
            // Behind the process's name, which stands in parentheses and may hold anything, the start is the 20th field.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X"
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Namespace}-{processId}-{fields[19]}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
