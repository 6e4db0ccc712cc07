using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// Gives workers the host's data at <c>/data</c> where this machine lets it, and else where it lies. Which of the two stays the same as
/// long as the host lives.
/// </summary>
internal sealed class DataNamespace : IAsyncDisposable
{
    /// <summary>It takes 20 ms; a busy machine may take its time, since falling back breaks bodies that write the literal path.</summary>
    private static readonly TimeSpan MakeLimit = TimeSpan.FromSeconds(5);

    private readonly DataFolders _folders;
    private readonly bool _isWanted;
    private readonly IReadOnlyList<string> _needed;
    private readonly string? _workingDirectory = FindWorkingDirectory();
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _lock = new();
    private Task<DataPlace> _place;

    /// <summary>Begins in the background.</summary>
    /// <param name="folders">The data.</param>
    /// <param name="isWanted">Whether the user lets it.</param>
    /// <param name="needed">What workers need of the machine: it must not lie where <c>/data</c> would hide it.</param>
    public DataNamespace(DataFolders folders, bool isWanted, IReadOnlyList<string> needed)
    {
        (_folders, _isWanted, _needed) = (folders, isWanted, _workingDirectory is null ? needed : [.. needed, _workingDirectory]);
        _place = Task.Run(OpenAsync);
    }

    /// <summary>Where workers find the data.</summary>
    /// <exception cref="WorkerStartException">The folder cannot be made; the next call tries again.</exception>
    public Task<DataPlace> PlaceAsync()
    {
        lock (_lock)
        {
            return _place.IsFaulted ? _place = Task.Run(OpenAsync) : _place;
        }
    }

    /// <summary>The path under which workers find the data.</summary>
    /// <exception cref="WorkerStartException">The folder cannot be made; the next call tries again.</exception>
    public async ValueTask<string> PathAsync() => (await PlaceAsync()).Path;

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        try
        {
            (await _place).Namespace?.Dispose();
        }
        catch (WorkerStartException)
        {
            // There is none.
        }

        _disposing.Dispose();
    }

    private async Task<DataPlace> OpenAsync()
    {
        MakeFolders();
        if (WhyNot() is { } reason)
        {
            return Fallback(reason);
        }

        if (ExecutableFinder.Find("unshare") is not { } unshare || ExecutableFinder.Find("nsenter") is not { } nsenter)
        {
            return Fallback("The programs unshare and nsenter (util-linux) are not installed.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token);
        limit.CancelAfter(MakeLimit);
        try
        {
            var root = new NamespaceRoot(_folders.Files, DataPath.Root);
            var made = await MountNamespace.MakeAsync(unshare, nsenter, root, [.. _needed.Where(Path.Exists)], limit.Token);
            return new()
            {
                Path = DataPath.Root,
                Namespace = made,
                WorkingDirectory = _workingDirectory,
            };
        }
        catch (OperationCanceledException)
        {
            return Fallback($"A mount namespace could not be made within {MakeLimit.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fallback($"A mount namespace could not be made: {e.Message}");
        }
    }

    private string? WhyNot() =>
        !_isWanted ? "FAL_NAMESPACES is 'off'."
        : !OperatingSystem.IsLinux() ? "Mount namespaces are Linux's."
        : _needed.FirstOrDefault(path => path == DataPath.Root || path.StartsWith(DataPath.Root + '/', StringComparison.Ordinal))
            is { } hidden
            ? $"Workers need '{hidden}', which lies in this machine's own {DataPath.Root}."
        : null;

    private DataPlace Fallback(string reason) => new() { Path = _folders.Files, Reason = reason };

    private void MakeFolders()
    {
        try
        {
            _folders.Make();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkerStartException(
                $"The host's data folder cannot be made: {e.Message} Start the host with FAL_DATA or {RuntimeStart.DataOption} and a "
                    + $"folder that it may write to.",
                e
            );
        }
    }

    // Null where somebody has removed it.
    private static string? FindWorkingDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
