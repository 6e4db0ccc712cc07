using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FalServerless.Tests.Shared.Processes;

/// <summary>The processes of this machine, as Linux shows them.</summary>
internal static partial class ProcessTable
{
    /// <summary>Those with the text on their command line.</summary>
    public static IReadOnlyList<int> Naming(string text) =>
        [.. All().Where(id => Read($"/proc/{id}/cmdline").Contains(text, StringComparison.Ordinal) && IsAlive(id))];

    /// <summary>The children of a process.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent) =>
        [.. All().Where(id => Stat(id) is [_, var parentId, ..] && parentId == $"{parent}" && IsAlive(id))];

    /// <summary>Whether a process ever had a child, ended ones included.</summary>
    public static bool HasHadChildren(int parent) =>
        // The ninth is how many page faults its ended children had.
        ChildrenOf(parent).Count > 0
        || Stat(parent)[8] != "0";

    /// <summary>Whether it still runs. One that has ended and waits for its parent to notice does not.</summary>
    public static bool IsAlive(int id) => Stat(id) is [not ("Z" or "X"), ..];

    /// <summary>Ends it the hard way; one that is gone already is gone.</summary>
    /// <remarks>
    /// Not by <see cref="Process"/>: its method does nothing to a process that has the id of an ended child whose object lives still, and
    /// ids come round.
    /// </remarks>
    public static void Kill(int id) => _ = Send(id, 9);

    /// <summary>Asks it to end; false when it is gone already.</summary>
    public static bool Terminate(int id) => Send(id, 15) == 0;

    /// <summary>Stops it: it does nothing until it is continued or killed.</summary>
    public static void Stop(int id) => Assert.Equal(0, Send(id, 19));

    /// <summary>Lets a stopped one go on.</summary>
    public static void Continue(int id) => Assert.Equal(0, Send(id, 18));

    /// <summary>How much memory it holds now.</summary>
    public static long ResidentBytes(int id) => StatusBytes(id, "VmRSS");

    /// <summary>The most memory that it ever held.</summary>
    public static long PeakResidentBytes(int id) => StatusBytes(id, "VmHWM");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);

    private static long StatusBytes(int id, string name)
    {
        // "VmRSS:     12345 kB"
        var line = Read($"/proc/{id}/status").Split('\n').First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    private static IEnumerable<int> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .Where(id => id > 0);

    // What follows the name, which stands in parentheses and may hold anything: state, parent, …
    private static string[] Stat(int id)
    {
        var stat = Read($"/proc/{id}/stat");
        return stat.Length == 0 ? [] : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
