namespace FalServerless.Sync;

/// <summary>A file is not what it was when it was hashed.</summary>
internal sealed class LocalFileChangedException(LocalEntry entry, Exception? inner = null)
    : Exception($"'{entry.FullPath}' was changed while it was uploaded.", inner)
{
    public LocalEntry Entry => entry;
}
