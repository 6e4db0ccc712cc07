using FalServerless.Internal;

namespace FalServerless;

/// <summary>How folders are synced. Everything has a default.</summary>
public sealed record SyncOptions
{
    /// <summary>
    /// The host whose <c>/data</c> is meant; null, the default, is the one on which functions run that name none: see
    /// <see cref="IsolatedOptions.Host"/>.
    /// </summary>
    public FalHost? Host { get; init; }

    /// <summary>
    /// The key of the host; null, the default, is the one that is configured for it: see <see cref="FalHost.At(string)"/>.
    /// </summary>
    public CloudKeyCredentials? Credentials { get; init; }

    /// <summary>
    /// Whether an upload leaves out what the folder's <c>.gitignore</c> files name, nested ones and negations included, and folders named
    /// <c>.git</c>; true by default. Files of folders above the uploaded one, and Git's settings, are not looked at.
    /// </summary>
    public bool RespectGitIgnore { get; init; } = true;

    /// <summary>
    /// Whether the target becomes exactly what was uploaded or downloaded, so that anything else in it is removed; false by default, which
    /// only adds and replaces.
    /// </summary>
    public bool Mirror { get; init; }

    /// <summary>How many connections carry content at once, 1 to 64; by default 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public int Parallelism
    {
        get;
        init => field = Validate.Parallelism(value, nameof(Parallelism));
    } = 4;
}
