using System.Globalization;
using FalServerless.Internal;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Serving;

/// <summary>
/// The folder of what a host remembers, for as long as this process is that host. The kernel lets go of it when the process ends, however
/// that is.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    private const string LockName = "host.lock";
    private const string OwnerName = "host.pid";
    private const int SharingViolation = 32;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <summary>Makes the folder, for its owner only, where it is missing.</summary>
    /// <exception cref="CliException">It cannot be made.</exception>
    public static void Make(string path)
    {
        try
        {
            PrivateFiles.MakeFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The state folder '{path}' cannot be made: {e.Message} Choose another with --state.", e);
        }
    }

    /// <exception cref="CliException">Another host has it, or it cannot be used.</exception>
    public static StateFolder Take(string path)
    {
        Make(path);
        try
        {
            var held = new FileStream(
                System.IO.Path.Combine(path, LockName),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0
            );
            File.WriteAllText(System.IO.Path.Combine(path, OwnerName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new(path, held);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is SharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            throw new CliException(
                $"The state folder '{path}' is in use by another host{Owner(path)}. Stop that one, or give this one a folder of its "
                    + $"own with --state.",
                e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The state folder '{path}' cannot be used: {e.Message} Choose another with --state.", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string Owner(string path)
    {
        try
        {
            return $", process {File.ReadAllText(System.IO.Path.Combine(path, OwnerName)).Trim()}";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
