namespace FalServerless.Sync;

/// <summary>A file is not what the host's listing said.</summary>
internal sealed class RemoteFileChangedException(string path) : Exception($"'{path}' was changed while it was downloaded.")
{
    public string Path => path;
}
