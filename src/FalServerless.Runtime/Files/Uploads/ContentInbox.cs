using FalServerless.Protocol;
using FalServerless.Runtime.Files.Folders;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>
/// Contents that have arrived and are in no folder yet: small ones in packs, and large ones a file each, named by their hash. A file gets
/// that name last, and so is whole; until then it is <c>hash.part</c>, and holds the first bytes.
/// </summary>
internal sealed class ContentInbox : IDisposable
{
    private const string PartSuffix = ".part";

    private static readonly TimeSpan LongestUnused = TimeSpan.FromHours(24);

    private readonly Folder _folder;

    public ContentInbox(string directory)
    {
        Path = Directory.CreateDirectory(directory).FullName;
        _folder = Folder.Open(Path);
        Packed = new(System.IO.Path.Combine(directory, "..", "packs"));
    }

    public string Path { get; }

    public PackedContents Packed { get; }

    public HashStates States { get; } = new();

    public string PathOf(ContentHash content) => System.IO.Path.Combine(Path, content.ToString());

    public string PartOf(ContentHash content) => PathOf(content) + PartSuffix;

    /// <summary>What an open file here is; whether it still has its name here is seen by <see cref="IsPart"/>.</summary>
    public EntryStat Stat(Microsoft.Win32.SafeHandles.SafeFileHandle file) => _folder.Stat(file);

    public bool IsPart(ContentHash content, in EntryStat file) => _folder.Stat(content + PartSuffix)?.Inode == file.Inode;

    /// <summary>The size of a content that is here.</summary>
    public long? Find(ContentHash content) => Packed.Find(content) ?? FindFile(content);

    /// <summary>
    /// The size of a content that is whole in a file; null where it is not. One that a folder has too, since a commit was killed, is none:
    /// bodies may change it.
    /// </summary>
    public long? FindFile(ContentHash content) =>
        _folder.Stat(content.ToString()) is { Kind: DataEntryKind.File, Names: 1 } file ? file.Size : null;

    /// <summary>How many of the content's first bytes are here.</summary>
    public long Received(ContentHash content) => _folder.Stat(content + PartSuffix)?.Size ?? 0;

    /// <summary>Links a content into a folder, without copying it; it stays here until it is removed.</summary>
    public void Place(ContentHash content, Folder folder, string name) => _folder.AddName(content.ToString(), folder, name);

    /// <summary>Releases contents that are in a folder now.</summary>
    public void Remove(IReadOnlyCollection<ContentHash> contents)
    {
        Packed.Remove(contents);
        foreach (var content in contents.Where(content => _folder.Stat(content.ToString()) is not null))
        {
            _folder.Delete(content.ToString());
        }
    }

    /// <summary>
    /// Removes what was not used for a day, and what a killed commit has left. No commit may run, and the folders that were being made must
    /// be gone.
    /// </summary>
    public void Clean(DateTimeOffset now)
    {
        foreach (var name in _folder.Names())
        {
            if (_folder.Stat(name) is { } file && (file.Names > 1 || now.UtcDateTime - file.Changed > LongestUnused))
            {
                _folder.Delete(name);
            }
        }

        Packed.Clean(now);
    }

    public void Dispose()
    {
        States.Dispose();
        _folder.Dispose();
    }
}
