using FalServerless.Internal;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>The modes of folders for which none was given.</summary>
internal static class FolderModes
{
    public const UnixFileMode Default = (UnixFileMode)0b111_101_101;

    /// <summary>What the owner needs to change what is in a folder.</summary>
    public const UnixFileMode Changing = PrivateFiles.OwnersFolder;
}
