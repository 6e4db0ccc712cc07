using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using FalServerless.Runtime.Files.Folders;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// A mount namespace that has the machine's folders as they are, and one folder at a place of its own. Open files hold it: no process does,
/// and it ends with this one and those that have entered it, however they end.
/// </summary>
internal sealed class MountNamespace : IDisposable
{
    // That a folder is the same is a matter of its inode, so this sees through links too.
    private const string LookAround = """
        [ "$1" -ef "$2" ] || { echo "'$1' is not '$2' there" >&2; exit 1; }
        shift 2
        for path; do [ -e "$path" ] || { echo "'$path' is not there" >&2; exit 1; }; done
        """;

    // A user who is not root may make mount namespaces only within a user namespace; so may a root without rights, as in some containers.
    private static readonly string[] WithinUserNamespace = ["--user", "--map-current-user", "--keep-caps"];

    private readonly string _nsenter;
    private readonly SafeFileHandle _mounts;
    private readonly SafeFileHandle _root;

    /// <summary>Null where the owner's own does.</summary>
    private readonly SafeFileHandle? _users;

    private MountNamespace(string nsenter, int holder)
    {
        _nsenter = nsenter;
        _mounts = Open($"/proc/{holder}/ns/mnt");
        _root = OpenFolder($"/proc/{holder}/root");
        var users = new FileInfo($"/proc/{holder}/ns/user");
        _users = users.LinkTarget == new FileInfo("/proc/self/ns/user").LinkTarget ? null : Open(users.FullName);
    }

    /// <summary>Makes one and enters it for a trial.</summary>
    /// <param name="unshare">The program that makes it.</param>
    /// <param name="nsenter">The program that enters it.</param>
    /// <param name="root">What it holds.</param>
    /// <param name="needed">Paths that must be there inside, too.</param>
    /// <param name="cancellationToken">Gives up; nothing is left then.</param>
    /// <exception cref="IOException">
    /// It is not permitted here, or does not hold what it must; the message says which program failed and how.
    /// </exception>
    public static async Task<MountNamespace> MakeAsync(
        string unshare,
        string nsenter,
        NamespaceRoot root,
        IReadOnlyList<string> needed,
        CancellationToken cancellationToken
    )
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return await MakeAsync(unshare, WithinUserNamespace, nsenter, root, needed, cancellationToken);
        }

        try
        {
            return await MakeAsync(unshare, [], nsenter, root, needed, cancellationToken);
        }
        catch (IOException e)
        {
            try
            {
                return await MakeAsync(unshare, WithinUserNamespace, nsenter, root, needed, cancellationToken);
            }
            catch (IOException)
            {
                // For root a user namespace is the way round: what stands in the straight one is what to mend.
                ExceptionDispatchInfo.Throw(e);
                throw;
            }
        }
    }

    /// <summary>Has the process start inside. It stays the same process: <c>nsenter</c> becomes the program.</summary>
    public void Enter(ProcessStartInfo start)
    {
        string[] users = _users is null ? [] : [$"--user={PathOf(_users)}", "--preserve-credentials"];
        string[] entry = [.. users, $"--mount={PathOf(_mounts)}", $"--root={PathOf(_root)}", $"--wd={PathOf(_root)}", "--"];
        foreach (var argument in entry.Append(start.FileName).Reverse())
        {
            start.ArgumentList.Insert(0, argument);
        }

        start.FileName = _nsenter;
    }

    public void Dispose()
    {
        _mounts.Dispose();
        _root.Dispose();
        _users?.Dispose();
    }

    private static async Task<MountNamespace> MakeAsync(
        string unshare,
        string[] users,
        string nsenter,
        NamespaceRoot root,
        IReadOnlyList<string> needed,
        CancellationToken cancellationToken
    )
    {
        MountNamespace made;
        using (var holder = new HelperProcess(new(unshare, [.. users, "--mount", "--propagation", "unchanged", "--", .. root.Command])))
        {
            made = int.TryParse(await holder.ReadLineAsync(cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? new(nsenter, id)
                : throw await holder.FailureAsync(cancellationToken);
            await holder.EndAsync(cancellationToken);
        }

        try
        {
            var start = new ProcessStartInfo("/bin/sh", ["-c", LookAround, "sh", root.Place, root.Folder, .. needed]);
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

    private static SafeFileHandle Open(string path) => File.OpenHandle(path, share: FileShare.ReadWrite);

    private static SafeFileHandle OpenFolder(string path)
    {
        const int flags = LinuxCalls.PathOnly | LinuxCalls.CloseOnExec;
        var folder = LinuxCalls.Open(Encoding.UTF8.GetBytes(path + '\0'), flags | LinuxCalls.DirectoryOnly, 0);
        return folder >= 0 ? new(folder, ownsHandle: true) : throw new IOException($"'{path}' cannot be opened.");
    }

    private static string PathOf(SafeFileHandle file) => $"/proc/{Environment.ProcessId}/fd/{file.DangerousGetHandle()}";
}
