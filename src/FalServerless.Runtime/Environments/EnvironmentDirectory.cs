using FalServerless.Internal;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Environments;

/// <summary>
/// The folder that holds the environments: each under its key, whole; what is being built or removed under other names that begin with a
/// point. Those belong to the owner of the key's lock, so what another owner finds of them is a dead one's.
/// </summary>
internal sealed class EnvironmentDirectory(string directory, TimeProvider time)
{
    private const string Building = ".building";
    private const string Removing = ".removing";

    private readonly string _locksDirectory = Path.Combine(directory, "locks");
    private readonly EnvironmentLocks _locks = new(Path.Combine(directory, "locks"));
    private int _swept;

    /// <summary>Makes the folder; the first time, clears what dead builders left there.</summary>
    public void Prepare()
    {
        PrivateFiles.MakeFolder(directory);
        PrivateFiles.MakeFolder(_locksDirectory);
        if (Interlocked.Exchange(ref _swept, 1) == 0)
        {
            foreach (var key in Directory.EnumerateDirectories(directory).Select(KeyOf).OfType<ContentHash>().Distinct().ToArray())
            {
                using var own = _locks.TryOwn(key);
                if (own is not null)
                {
                    ClearLeftovers(key);
                }
            }
        }
    }

    /// <summary>The environment with a lock on it; null when it is not there, not whole, or somebody is at work on it.</summary>
    public OpenEnvironment? TryOpen(EnvironmentDefinition definition)
    {
        var folder = PathOf(definition.Key);
        if (!Directory.Exists(folder) || _locks.TryShare(definition.Key) is not { } shared)
        {
            return null;
        }

        if (Find(definition) is { } manifest)
        {
            Touch(definition.Key);
            return new(EnvironmentFolder.Packages(folder), EnvironmentFolder.AssemblyNames(manifest), shared);
        }

        shared.Dispose();
        return null;
    }

    public FileStream? TryOwn(ContentHash key) => _locks.TryOwn(key);

    public void Touch(ContentHash key) => _locks.Touch(key, time.GetUtcNow());

    /// <summary>Whether the environment is there and whole. Only its owner may rely on that.</summary>
    public bool Holds(EnvironmentDefinition definition) => Find(definition) is not null;

    /// <summary>
    /// Removes what is left of the key's dead builders, and the environment itself if it is not whole. Only the owner may.
    /// </summary>
    public void Clear(EnvironmentDefinition definition)
    {
        ClearLeftovers(definition.Key);
        if (Directory.Exists(PathOf(definition.Key)) && !Holds(definition))
        {
            Discard(definition.Key);
        }
    }

    /// <summary>A folder to build in.</summary>
    public string NewFolder(ContentHash key) => Directory.CreateDirectory(NewName(Building, key)).FullName;

    /// <summary>Gives a built folder the name under which it is found.</summary>
    public void Place(string folder, ContentHash key) => Directory.Move(folder, PathOf(key));

    public IReadOnlyList<StoredEnvironment> List() => [.. Stored().OrderByDescending(environment => environment.LastUsed)];

    public Removal Remove(ContentHash key)
    {
        if (!Directory.Exists(PathOf(key)))
        {
            return Removal.Unknown;
        }

        using var own = _locks.TryOwn(key);
        if (own is null)
        {
            return Removal.InUse;
        }

        return Discard(key) ? Removal.Removed : Removal.Unknown;
    }

    /// <summary>Removes environments that are not in use, the longest unused first, until the rest takes no more than the limit.</summary>
    public void Shrink(long limit)
    {
        var stored = List();
        var bytes = stored.Sum(environment => environment.Bytes);
        foreach (var environment in stored.Reverse().TakeWhile(_ => bytes > limit))
        {
            if (Remove(environment.Key) == Removal.Removed)
            {
                bytes -= environment.Bytes;
            }
        }
    }

    public static void Delete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next owner of the key clears it.
        }
    }

    private static ContentHash? KeyOf(string leftover) =>
        Path.GetFileName(leftover).Split('-') is [Building or Removing, var key, _] && ContentHash.TryParse(key, out var hash)
            ? hash
            : null;

    private string PathOf(ContentHash key) => Path.Combine(directory, key.ToString());

    private string NewName(string kind, ContentHash key) =>
        Path.Combine(directory, $"{kind}-{key}-{Path.GetRandomFileName().AsSpan(0, 8)}");

    private EnvironmentManifest? Find(EnvironmentDefinition definition)
    {
        try
        {
            return
                EnvironmentFolder.Read(PathOf(definition.Key)) is { } manifest
                && EnvironmentFolder.IsWhole(PathOf(definition.Key), manifest, definition)
                ? manifest
                : null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void ClearLeftovers(ContentHash key)
    {
        foreach (var leftover in Directory.EnumerateDirectories(directory).Where(path => KeyOf(path) == key).ToArray())
        {
            Delete(leftover);
        }
    }

    // Moved away first: a process that is killed meanwhile leaves nothing partial under the key.
    private bool Discard(ContentHash key)
    {
        var removing = NewName(Removing, key);
        try
        {
            Directory.Move(PathOf(key), removing);
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }

        Delete(removing);
        return true;
    }

    private IEnumerable<StoredEnvironment> Stored()
    {
        if (!Directory.Exists(directory))
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories(directory))
        {
            if (ContentHash.TryParse(Path.GetFileName(folder), out var key) && EnvironmentFolder.Read(folder) is { } manifest)
            {
                using var own = _locks.TryOwn(key);
                yield return new()
                {
                    Key = key,
                    Manifest = manifest,
                    LastUsed = _locks.LastUsed(key),
                    IsInUse = own is null,
                };
            }
        }
    }
}
