using FalServerless.Protocol.Http;
using FalServerless.Sync;
using FalServerless.Transport;

namespace FalServerless;

/// <summary>
/// Brings folders to a host's <c>/data</c> and back. What is there outlives workers and the host, is shared by all functions whatever their
/// machine type, and is found by bodies at the path that an upload returns.
/// </summary>
/// <remarks>
/// An upload changes nothing until all of it has arrived, and then takes the folder's place in one step: a body sees the old folder or the
/// new one. What was sent before a break is not sent again, and a folder that has not changed costs one request. To know that without
/// reading its files, their hashes are kept below the user's local application data (or the folder that the variable <c>FAL_CACHE</c>
/// names), by path, size and time.
/// </remarks>
public static class SyncDir
{
    /// <summary>Uploads a folder: files with their content, mode and time, empty folders, and symbolic links that stay within it.</summary>
    /// <param name="local">The folder; a relative path is looked for from the current folder.</param>
    /// <param name="remote">The folder's path on the host, below <c>/data/</c>. What is missing of it is made.</param>
    /// <param name="options">Which host, and how; null is all defaults.</param>
    /// <param name="progress">Is notified at most ten times a second, and at the end.</param>
    /// <param name="cancellationToken">Ends the upload; the folder on the host is then as it was, unless all had been done.</param>
    /// <returns>
    /// The path under which bodies find the folder: <paramref name="remote"/> where the host can bind <c>/data</c>, else the folder that
    /// holds it.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="remote"/> is not below <c>/data/</c>.</exception>
    /// <exception cref="DirectoryNotFoundException"><paramref name="local"/> does not exist, or is a file.</exception>
    /// <exception cref="SyncException">An entry cannot be uploaded: a link that leads out of the folder, a pipe, a file that changes all
    /// the time, no room on the host.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    /// <exception cref="CredentialsException">There is no key for the host, or it does not accept the one there is.</exception>
    public static async Task<string> UploadAsync(
        string local,
        string remote,
        SyncOptions? options = null,
        IProgress<SyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(local);
        var target = Normalize(remote, allowsRoot: false);
        options ??= new();
        LocalTree.Require(local);
        var client = await ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(local));
        return await new FolderUpload(client, target, options, new ProgressMeter(progress, client.Runtime.Time))
            .RunAsync(directory, HashCache.Open(directory), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>As <see cref="UploadAsync"/>, and blocks until it is done.</summary>
    /// <inheritdoc cref="UploadAsync"/>
    public static string Upload(
        string local,
        string remote,
        SyncOptions? options = null,
        IProgress<SyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => UploadAsync(local, remote, options, progress, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Lists what is in a folder of <c>/data</c>.</summary>
    /// <param name="remote">The folder, or a file, which is then the only entry; by default <c>/data</c> itself.</param>
    /// <param name="recursive">Whether what is in its folders is listed too; false by default.</param>
    /// <param name="options">Which host; null is all defaults.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>By name, and each folder before what is in it. Names that are no valid Unicode are left out.</returns>
    /// <exception cref="ArgumentException"><paramref name="remote"/> is not in <c>/data</c>.</exception>
    /// <exception cref="SyncException">There is nothing at the path.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    /// <exception cref="CredentialsException">There is no key for the host, or it does not accept the one there is.</exception>
    public static async Task<IReadOnlyList<DataEntry>> ListAsync(
        string remote = DataPath.Root,
        bool recursive = false,
        SyncOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        var source = Source(remote);
        var client = await ConnectAsync(options ?? new(), cancellationToken).ConfigureAwait(false);
        try
        {
            return (await client.ListAsync(source, recursive, cancellationToken).ConfigureAwait(false)).Entries;
        }
        catch (ConnectionBrokenException e)
        {
            throw client.Runtime.Unreachable(e);
        }
    }

    /// <summary>Downloads a folder of <c>/data</c>. Files that are here already, by size and time, are not sent.</summary>
    /// <param name="remote">The folder on the host.</param>
    /// <param name="local">The target folder; created if it is missing. Each file appears whole, in place of what was there.</param>
    /// <param name="options">Which host, and how; null is all defaults.</param>
    /// <param name="progress">Is notified at most ten times a second, and at the end.</param>
    /// <param name="cancellationToken">Ends the download; files that had come stay.</param>
    /// <returns>The full path of <paramref name="local"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="remote"/> is not in <c>/data</c>.</exception>
    /// <exception cref="IOException"><paramref name="local"/> is a file, or cannot be written.</exception>
    /// <exception cref="SyncException">There is no such folder, or an entry cannot be kept here.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    /// <exception cref="CredentialsException">There is no key for the host, or it does not accept the one there is.</exception>
    public static async Task<string> DownloadAsync(
        string remote,
        string local,
        SyncOptions? options = null,
        IProgress<SyncProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var source = Source(remote);
        ArgumentException.ThrowIfNullOrEmpty(local);
        options ??= new();
        var client = await ConnectAsync(options, cancellationToken).ConfigureAwait(false);
        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(local));
        await new FolderDownload(client, source, directory, options, new ProgressMeter(progress, client.Runtime.Time))
            .RunAsync(cancellationToken)
            .ConfigureAwait(false);
        return directory;
    }

    private static async ValueTask<DataClient> ConnectAsync(SyncOptions options, CancellationToken cancellationToken) =>
        new(await (options.Host ?? FalHost.Default).ConnectAsync(options.Credentials, cancellationToken).ConfigureAwait(false));

    // A path that an upload returned may be the host's own, which only the host knows.
    private static string Source(string remote)
    {
        ArgumentException.ThrowIfNullOrEmpty(remote);
        return Path.IsPathRooted(remote) && remote != DataPath.Root && !remote.StartsWith(DataPath.Root + '/', StringComparison.Ordinal)
            ? remote
            : Normalize(remote, allowsRoot: true);
    }

    private static string Normalize(string remote, bool allowsRoot)
    {
        ArgumentException.ThrowIfNullOrEmpty(remote);
        return DataPath.Normalize(remote, allowsRoot, out var error) ?? throw new ArgumentException(error, nameof(remote));
    }
}
