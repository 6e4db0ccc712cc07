using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Folders;

/// <summary>
/// An open folder. Everything is done by names in it, never by paths, and never through a symbolic link: a link that a body plants, at
/// whatever moment, leads nothing astray. Every member fails with <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal abstract class Folder : IDisposable
{
    /// <summary>Opens a folder that only we name.</summary>
    public static Folder Open(string path) => OperatingSystem.IsLinux() ? LinuxFolder.OpenPath(path) : new PathFolder(path);

    /// <summary>The entry of that name; null where there is none.</summary>
    public abstract EntryStat? Stat(string name);

    /// <summary>What this folder is itself.</summary>
    public abstract EntryStat Stat();

    /// <summary>What a file is that is open, wherever it is.</summary>
    public abstract EntryStat Stat(SafeFileHandle file);

    public abstract IReadOnlyList<string> Names();

    public abstract Folder OpenFolder(string name);

    public abstract SafeFileHandle OpenFile(string name);

    /// <summary>Makes a folder that is its owner's alone, and opens it.</summary>
    public abstract Folder MakeFolder(string name);

    /// <summary>Makes a file, with as much of the mode as the system gives new files.</summary>
    public abstract SafeFileHandle MakeFile(string name, UnixFileMode mode);

    public abstract void MakeLink(string name, string target);

    public abstract string ReadLink(string name);

    /// <summary>Gives a file another name too.</summary>
    public abstract void AddName(string name, Folder destination, string newName);

    /// <summary>Moves an entry to where nothing is.</summary>
    public abstract void Move(string name, Folder destination, string newName);

    /// <summary>Has two entries change places, in one step where the system can.</summary>
    public abstract void Exchange(string name, Folder other, string otherName);

    /// <summary>Deletes what is no folder.</summary>
    public abstract void Delete(string name);

    public abstract void DeleteEmptyFolder(string name);

    /// <summary>Sets the mode of a file or a folder, where the system has modes.</summary>
    public abstract void SetMode(string name, UnixFileMode mode);

    public abstract void SetModified(string name, DateTime modified);

    public abstract void SetModified(SafeFileHandle file, DateTime modified);

    public abstract void Dispose();
}
