namespace FalServerless.Runtime.Configuration;

/// <summary>The settings of a served host, by the names of their environment variables, with what <c>--help</c> says of them.</summary>
internal static class SettingNames
{
    public const string Urls = "FAL_URLS";
    public const string Certificate = "FAL_CERTIFICATE";
    public const string CertificateKey = "FAL_CERTIFICATE_KEY";
    public const string CertificatePasswordFile = "FAL_CERTIFICATE_PASSWORD_FILE";
    public const string Insecure = "FAL_INSECURE";
    public const string State = "FAL_STATE";
    public const string DrainLimit = "FAL_DRAIN_LIMIT";
    public const string LogLevel = "FAL_LOG_LEVEL";
    public const string BodyLimit = "FAL_BODY_LIMIT";
    public const string ResultLimit = "FAL_RESULT_LIMIT";
    public const string WorkerVariables = "FAL_WORKER_VARIABLES";
    public const string CallsPerKey = "FAL_CALLS_PER_KEY";
    public const string QueuedPerKey = "FAL_QUEUED_PER_KEY";

    /// <summary>In the environment only: a command line shows it to everybody on the machine, and a file is copied.</summary>
    public const string CertificatePassword = "FAL_CERTIFICATE_PASSWORD";

    private const string Prefix = "FAL_";

    public static IReadOnlyList<(string Name, string Description)> All { get; } =
    [
        (
            Urls,
            "Where to listen: http://127.0.0.1:8470 (default), https://0.0.0.0:8470, unix:/run/fal.sock; several with commas or "
                + "spaces between."
        ),
        (Certificate, "The TLS certificate: a PFX or PEM file."),
        (CertificateKey, "The key of a PEM certificate, if it is in a file of its own."),
        (CertificatePasswordFile, "A file with the password of the certificate; or set FAL_CERTIFICATE_PASSWORD."),
        (Insecure, "Listen without TLS on addresses that other machines reach."),
        (State, "The folder of what the host remembers: keys, code, detached calls. Default: ~/.local/share/fal-serverless/host."),
        ("FAL_DATA", "The folder that bodies find at /data. Default: ~/.local/share/fal-serverless/data."),
        ("FAL_ENVIRONMENTS", "The folder of the environments. Default: ~/.local/share/fal-serverless/environments."),
        ("FAL_ENVIRONMENTS_LIMIT", "What all environments together may take (10GB)."),
        (DrainLimit, "How long calls have to end when the host is asked to stop (30s)."),
        (LogLevel, "The lowest level of log lines: debug (with a line for each request), info (default), warning or error."),
        (BodyLimit, "What the inputs of a call may take (512MB)."),
        (ResultLimit, "What a result, or one item of it, may take (512MB)."),
        (CallsPerKey, "How many calls of a key may run and wait at once (1000)."),
        (QueuedPerKey, "How many calls of a key may wait at once (10000)."),
        ("FAL_QUEUE_LIMIT", "How many calls may wait in all (10000)."),
        ("FAL_QUEUE_WAIT", "How long a call may wait for a worker (10m)."),
        ("FAL_DETACHED_KEEP", "How long a detached call that has ended is kept (7 days)."),
        ("FAL_DETACHED_LIMIT", "How many detached calls are kept (10000)."),
        ("FAL_DETACHED_BYTES", "What the inputs, logs and results of detached calls may take (10GB)."),
        ("FAL_CPUS", "The processors that workers share (those of the machine)."),
        ("FAL_MEMORY", "The memory that workers share (that of the machine)."),
        ("FAL_GPUS", "The models of the GPUs, with commas between (looked for)."),
        ("FAL_PREWARMED", "How many started workers wait for a call of any kind (1)."),
        ("FAL_CGROUPS", "'off' leaves the kernel's limits alone."),
        (
            WorkerVariables,
            "Environment variables of the host that bodies get beside the usual ones, with commas between; NAME* is all that begin so."
        ),
        ("FAL_NAMESPACES", "'off' gives workers no /data of their own."),
    ];

    /// <summary><c>--queue-limit</c>.</summary>
    public static string Flag(string name) => "--" + name[Prefix.Length..].ToLowerInvariant().Replace('_', '-');

    /// <summary><c>queueLimit</c>.</summary>
    public static string Key(string name)
    {
        var words = name[Prefix.Length..].Split('_').Select(word => word.ToLowerInvariant());
        return string.Concat(words.Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
