using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>One control group, as the folder of the kernel's file system that it is.</summary>
internal sealed partial class CgroupFolder(string path)
{
    private const string ProcessesFile = "cgroup.procs";
    private const string KillFile = "cgroup.kill";
    private const int KillSignal = 9;

    /// <summary>
    /// A process that was killed leaves its group when the kernel has taken it apart; one that the disk holds takes longer than anyone
    /// waits.
    /// </summary>
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public string Path { get; } = path;

    public bool Exists => Directory.Exists(Path);

    public CgroupFolder Child(string name) => new(System.IO.Path.Combine(Path, name));

    public IReadOnlyList<CgroupFolder> Children()
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path).Select(path => new CgroupFolder(path))];
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return [];
        }
    }

    /// <returns>False when the kernel or the folder's rights refuse.</returns>
    public bool TryMake()
    {
        try
        {
            Directory.CreateDirectory(Path);
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return false;
        }
    }

    /// <summary>Whether the group has the file, and this process may write it.</summary>
    public bool CanWrite(string file)
    {
        try
        {
            using var opened = File.OpenHandle(FilePath(file), FileMode.Open, FileAccess.Write);
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return false;
        }
    }

    public bool Has(string file) => File.Exists(FilePath(file));

    /// <summary>Writes a value as the kernel reads it, in one piece.</summary>
    /// <exception cref="IOException">The kernel refuses; the message names the file and the value.</exception>
    public void Write(string file, string value)
    {
        try
        {
            // Opened as it is: what the kernel does not offer must not become a file.
            using var opened = File.OpenHandle(FilePath(file), FileMode.Open, FileAccess.Write);
            RandomAccess.Write(opened, System.Text.Encoding.ASCII.GetBytes(value), 0);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw new IOException($"The kernel does not take '{value}' in '{FilePath(file)}': {e.Message}", e);
        }
    }

    public bool TryWrite(string file, string value)
    {
        try
        {
            Write(file, value);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Add(int processId) => Write(ProcessesFile, processId.ToString(CultureInfo.InvariantCulture));

    /// <summary>A file's text; nothing when it cannot be read.</summary>
    public string Read(string file)
    {
        try
        {
            return File.ReadAllText(FilePath(file));
        }
        catch (Exception e) when (IsRefusal(e))
        {
            return "";
        }
    }

    /// <summary>The number behind a word in a file of such pairs, a line each; zero where there is none.</summary>
    public long Count(string file, string word)
    {
        foreach (var line in Read(file).AsSpan().EnumerateLines())
        {
            if (
                line.StartsWith(word)
                && line[word.Length..] is [' ', .. var digits]
                && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            )
            {
                return count;
            }
        }

        return 0;
    }

    /// <summary>Kills what is in the group and in those below, and removes them.</summary>
    /// <returns>False when it could not be removed in time.</returns>
    public async Task<bool> RemoveAsync()
    {
        var watch = Stopwatch.StartNew();
        while (Exists)
        {
            if (TryRemove())
            {
                return true;
            }

            if (watch.Elapsed > RemovalLimit)
            {
                return false;
            }

            await Task.Delay(Pause);
        }

        return true;
    }

    private static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException;

    // The folders go; the files in them are the kernel's and go along.
    private bool TryRemove()
    {
        foreach (var child in Children())
        {
            child.TryRemove();
        }

        Kill();
        try
        {
            Directory.Delete(Path);
        }
        catch (DirectoryNotFoundException) { }
        catch (Exception e) when (IsRefusal(e))
        {
            return false;
        }

        return true;
    }

    private void Kill()
    {
        var processes = Read(ProcessesFile);
        if (processes.Length == 0 || TryWrite(KillFile, "1"))
        {
            return;
        }

        foreach (var line in processes.AsSpan().EnumerateLines())
        {
            // Zero is a process that this one has no number for, in another container.
            if (int.TryParse(line, CultureInfo.InvariantCulture, out var id) && id > 0 && id != Environment.ProcessId)
            {
                _ = Kill(id, KillSignal);
            }
        }
    }

    private string FilePath(string file) => System.IO.Path.Combine(Path, file);

    // Process.Kill does nothing, without a word, to a process that has the id of an ended child whose Process object lives still.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
