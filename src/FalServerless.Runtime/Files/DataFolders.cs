using FalServerless.Internal;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Files;

/// <summary>
/// The folders of a host's data. They are beside each other: what is moved from one to the other is moved at once, and bodies see the first
/// only.
/// </summary>
internal sealed class DataFolders(string directory)
{
    /// <summary>What bodies find at <c>/data</c>.</summary>
    public string Files => Path.Combine(directory, RuntimeStart.DataFiles);

    /// <summary>Content on its way, folders that are being made, and what is remembered of them.</summary>
    public string Uploads => Path.Combine(directory, "uploads");

    /// <summary>Makes those that are missing, for the host's owner only.</summary>
    /// <exception cref="IOException">They cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The host may not make them.</exception>
    public void Make()
    {
        foreach (var folder in new[] { directory, Files, Uploads })
        {
            PrivateFiles.MakeFolder(folder);
        }
    }
}
