namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// Which environment variables of the host's process workers get. Settings of the host never are among them: keys and passwords may be.
/// </summary>
internal sealed class WorkerVariables
{
    private const string Settings = "FAL_";
    private const char Any = '*';

    // What programs need to run as they usually do on this machine, and nothing that usually holds a secret: no proxy, whose address may
    // have a password.
    private static readonly string[] Usual =
    [
        "PATH",
        "HOME",
        "USER",
        "LOGNAME",
        "SHELL",
        "LANG",
        "LANGUAGE",
        "LC_*",
        "TZ",
        "TZDIR",
        "TMPDIR",
        "TEMP",
        "TMP",
        "DOTNET_*",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "CUDA_*",
        "NVIDIA_*",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SYSTEMROOT",
        "SYSTEMDRIVE",
        "WINDIR",
        "COMSPEC",
        "PATHEXT",
        "USERPROFILE",
        "APPDATA",
        "LOCALAPPDATA",
        "PROGRAMDATA",
        "PROGRAMFILES*",
        "PROCESSOR_*",
        "NUMBER_OF_PROCESSORS",
    ];

    private readonly string[]? _allowed;

    private WorkerVariables(string[]? allowed) => _allowed = allowed;

    /// <summary>
    /// The usual ones and further ones by name; a name that ends in <c>*</c> stands for all that begin so. With null all, which is for a
    /// host that runs the code of its own user.
    /// </summary>
    public static WorkerVariables Of(IReadOnlyList<string>? names) => new(names is null ? null : [.. Usual, .. names]);

    /// <summary>Removes the others from what a worker is started with.</summary>
    public void Apply(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => !IsAllowed(name)).ToArray())
        {
            environment.Remove(name);
        }
    }

    private bool IsAllowed(string name) =>
        !name.StartsWith(Settings, StringComparison.OrdinalIgnoreCase)
        && (_allowed is null || Array.Exists(_allowed, allowed => Matches(name, allowed)));

    // Without regard to case: on Windows that is how they are named, elsewhere proxies and the like are written in both.
    private static bool Matches(string name, string allowed) =>
        allowed[^1] == Any
            ? name.StartsWith(allowed[..^1], StringComparison.OrdinalIgnoreCase)
            : name.Equals(allowed, StringComparison.OrdinalIgnoreCase);
}
