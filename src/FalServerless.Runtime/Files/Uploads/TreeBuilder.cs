using System.Buffers;
using System.Security.Cryptography;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Folders;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>
/// Makes the tree that a plan describes beside the folder: what stays is given a name there too, so that it costs no copy and stays the
/// same file for processes that have it open. No two paths share a file because of it: bodies that write to one would change the other.
/// </summary>
internal sealed class TreeBuilder(ContentInbox inbox, bool isMirror, Folder? current, CancellationToken cancellationToken) : IDisposable
{
    private const int BufferSize = 256 << 10;

    private readonly PackFiles _packs = new();

    private readonly HashSet<ContentHash> _used = [];

    /// <summary>The uploaded contents that the tree has taken.</summary>
    public IReadOnlyCollection<ContentHash> Used => _used;

    /// <summary>What the files that are new hold.</summary>
    public List<KeyValuePair<string, IndexedFile>> Indexed { get; } = [];

    /// <summary>
    /// Files and folders whose mode or time is set once the tree is in its place: it would be seen in the old one before.
    /// </summary>
    public List<Place> Late { get; } = [];

    public void Dispose() => _packs.Dispose();

    public void Build(Place place, Folder? old, Folder made)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var child in place.Children.Values)
        {
            if (child.Wanted is { } wanted)
            {
                Place(child, wanted, old, made);
            }
            else if (!isMirror)
            {
                Keep(child, old!, made);
            }
        }
    }

    private void Place(Place place, ManifestEntry wanted, Folder? old, Folder made)
    {
        switch (wanted.Kind)
        {
            case DataEntryKind.Directory:
                BuildFolder(place, place.IsFoundFolder ? old : null, made);
                made.SetMode(place.Name, wanted.Mode);
                break;
            case DataEntryKind.Link:
                made.MakeLink(place.Name, wanted.Target);
                break;
            case DataEntryKind.File when place.Source == ContentSource.Kept:
                KeepFile(place, wanted, old!, made);
                break;
            case DataEntryKind.File:
                MakeFile(place, wanted, made);
                break;
        }
    }

    private void BuildFolder(Place place, Folder? old, Folder made)
    {
        using var below = made.MakeFolder(place.Name);
        using var oldBelow = old?.OpenFolder(place.Name);
        Build(place, oldBelow, below);
    }

    private void Keep(Place place, Folder old, Folder made)
    {
        switch (place.Found!.Value.Kind)
        {
            case DataEntryKind.Directory:
                BuildFolder(place, old, made);
                made.SetMode(place.Name, place.Found.Value.Mode);
                break;
            case DataEntryKind.Link:
                made.MakeLink(place.Name, place.FoundTarget!);
                break;
            default:
                old.AddName(place.Name, made, place.Name);
                break;
        }
    }

    private void KeepFile(Place place, ManifestEntry wanted, Folder old, Folder made)
    {
        old.AddName(place.Name, made, place.Name);
        if (made.Stat(place.Name) is not { } now || !now.IsAs(place.Found!.Value))
        {
            throw new FolderChangedException(place.Path);
        }

        if (now.Mode != wanted.Mode || now.Modified != wanted.Modified)
        {
            Late.Add(place);
        }
    }

    private void MakeFile(Place place, ManifestEntry wanted, Folder made)
    {
        if (place.Source == ContentSource.Uploaded && inbox.Packed.Find(wanted.Content) is null && _used.Add(wanted.Content))
        {
            // A large one, and the first file that has it: it is the file.
            inbox.Place(wanted.Content, made, place.Name);
            made.SetModified(place.Name, wanted.Modified);
            made.SetMode(place.Name, wanted.Mode);
            Indexed.Add(new(place.Path, new IndexedFile(made.Stat(place.Name)!.Value, wanted.Content)));
            return;
        }

        using var file = made.MakeFile(place.Name, wanted.Mode);
        Write(file, place, wanted.Content);
        made.SetModified(file, wanted.Modified);
        var stat = made.Stat(file);
        if (!OperatingSystem.IsWindows() && stat.Mode != wanted.Mode)
        {
            File.SetUnixFileMode(file, wanted.Mode);
        }

        Indexed.Add(new(place.Path, new IndexedFile(stat, wanted.Content)));
    }

    private void Write(SafeFileHandle file, Place place, ContentHash content)
    {
        if (place.Source == ContentSource.Copy)
        {
            using var original = FolderWalk.OpenFile(current!, place.Original!.Path);
            Copy(place, original, file, content);
        }
        else if (inbox.Packed.Find(content) is not null)
        {
            if (inbox.Packed.TryRead(content, _packs) is not { } bytes)
            {
                // Damaged, or gone with another host's pack: it has to be sent again.
                inbox.Packed.Remove([content]);
                throw new FolderChangedException(place.Path);
            }

            RandomAccess.Write(file, bytes, 0);
            _used.Add(content);
        }
        else
        {
            using var uploaded = File.OpenHandle(inbox.PathOf(content));
            Copy(place, uploaded, file, content);
        }
    }

    private void Copy(Place place, SafeFileHandle source, SafeFileHandle copy, ContentHash content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long at = 0; RandomAccess.Read(source, buffer, at) is > 0 and var read; at += read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(buffer.AsSpan(0, read));
                RandomAccess.Write(copy, buffer.AsSpan(0, read), at);
            }

            // A body may have changed the original since it was looked at.
            if (ContentHashing.Finish(hash) != content)
            {
                throw new FolderChangedException(place.Path);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
