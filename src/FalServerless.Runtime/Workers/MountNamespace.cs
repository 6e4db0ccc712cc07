using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Workers;

/// <summary>
/// A mount namespace that has the machine's folders as they are, and one folder at a place of its own. Open files hold it: no process does, and it
/// ends with this one and those that have entered it, however they end.
/// </summary>
internal sealed class MountNamespace : IDisposable
{
    // It tells its number, then waits for the end of its input, while its namespaces are opened.
    private const string SayNumberAndWait = "echo $$; read -r _";

    // That a folder is the same is a matter of its inode, so this sees through links too.
    private const string LookAround =
        """
        [ "$1" -ef "$2" ] || { echo "'$1' is not '$2' there" >&2; exit 1; }
        shift 2
        for path; do [ -e "$path" ] || { echo "'$path' is not there" >&2; exit 1; }; done
        """;

    private readonly string _nsenter;
    private readonly SafeFileHandle _mounts;

    /// <summary>Null where the owner's own does: a user who is not root may make mount namespaces only within a user namespace.</summary>
    private readonly SafeFileHandle? _users;

    private MountNamespace(string nsenter, int holder)
    {
        _nsenter = nsenter;
        _mounts = Open($"/proc/{holder}/ns/mnt");
        _users = new FileInfo($"/proc/{holder}/ns/user").LinkTarget == new FileInfo("/proc/self/ns/user").LinkTarget ? null : Open($"/proc/{holder}/ns/user");
    }

    /// <summary>Makes one and enters it for a trial.</summary>
    /// <param name="bubblewrap">The program that makes it.</param>
    /// <param name="nsenter">The program that enters it.</param>
    /// <param name="folder">The folder that gets the place.</param>
    /// <param name="place">A path at the root.</param>
    /// <param name="needed">Paths that must be there inside, too.</param>
    /// <param name="cancellationToken">Gives up; nothing is left then.</param>
    /// <exception cref="IOException">It is not permitted here, or does not hold what it must; the message says which program failed and how.</exception>
    public static async Task<MountNamespace> MakeAsync(string bubblewrap, string nsenter, string folder, string place, IReadOnlyList<string> needed, CancellationToken cancellationToken)
    {
        MountNamespace made;
        using (var holder = new HelperProcess(new(bubblewrap, [.. Binds(place), "--bind", folder, place, "--", "/bin/sh", "-c", SayNumberAndWait])))
        {
            made = int.TryParse(await holder.ReadLineAsync(cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? new(nsenter, id)
                : throw await holder.FailureAsync(cancellationToken);
            await holder.EndAsync(cancellationToken);
        }

        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", LookAround, "sh", place, folder, .. needed]);
            made.Enter(start);
            using var trial = new HelperProcess(start);
            return await trial.EndAsync(cancellationToken) == 0 ? made : throw await trial.FailureAsync(cancellationToken);
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Has the process start inside. It stays the same process: <c>nsenter</c> becomes the program.</summary>
    public void Enter(ProcessStartInfo start)
    {
        string[] entry = _users is null ? [$"--mount={PathOf(_mounts)}", "--"] : [$"--user={PathOf(_users)}", "--preserve-credentials", $"--mount={PathOf(_mounts)}", "--"];
        foreach (var argument in entry.Append(start.FileName).Reverse())
        {
            start.ArgumentList.Insert(0, argument);
        }

        start.FileName = _nsenter;
    }

    public void Dispose()
    {
        _mounts.Dispose();
        _users?.Dispose();
    }

    private static SafeFileHandle Open(string path) => File.OpenHandle(path, share: FileShare.ReadWrite);

    private static string PathOf(SafeFileHandle file) => $"/proc/{Environment.ProcessId}/fd/{file.DangerousGetHandle()}";

    // An entry may go between the look and the bind.
    private static IEnumerable<string> Binds(string place) => new DirectoryInfo("/").EnumerateFileSystemInfos().Where(entry => entry.FullName != place)
        .SelectMany(entry => entry.LinkTarget is { } target ? new[] { "--symlink", target, entry.FullName } : ["--dev-bind-try", entry.FullName, entry.FullName]);
}
