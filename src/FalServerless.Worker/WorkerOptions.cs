using FalServerless.Protocol.Worker;

namespace FalServerless.Worker;

/// <summary>What the launcher tells the worker.</summary>
internal sealed record WorkerOptions
{
    public required string Socket { get; init; }

    public required byte[] Token { get; init; }

    /// <summary>Folders of shared frameworks beyond the worker's own.</summary>
    public required IReadOnlyList<string> FrameworkFolders { get; init; }

    /// <summary>The folder that bodies keep files in; empty where the host has none.</summary>
    public required string DataPath { get; init; }

    /// <summary>The folder to go to first; null to stay.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Reads the command line, and the token from the first line of the input: neither arguments nor environment keep a secret.
    /// </summary>
    /// <exception cref="ArgumentException">An option or the token is missing or malformed.</exception>
    public static WorkerOptions Read(IReadOnlyList<string> arguments, Stream input)
    {
        string? socket = null;
        string? workingDirectory = null;
        var data = "";
        var frameworks = new List<string>();
        for (var i = 0; i + 1 < arguments.Count; i += 2)
        {
            switch (arguments[i])
            {
                case WorkerStart.SocketOption:
                    socket = arguments[i + 1];
                    break;
                case WorkerStart.FrameworkOption:
                    frameworks.Add(arguments[i + 1]);
                    break;
                case WorkerStart.DataOption:
                    data = arguments[i + 1];
                    break;
                case WorkerStart.WorkingDirectoryOption:
                    workingDirectory = arguments[i + 1];
                    break;
                default:
                    throw new ArgumentException(
                        $"Unknown option '{arguments[i]}'. A worker is started by its host, with {WorkerStart.SocketOption}, "
                            + $"{WorkerStart.FrameworkOption}, {WorkerStart.DataOption} and {WorkerStart.WorkingDirectoryOption}."
                    );
            }
        }

        var hex = new byte[2 * WorkerStart.TokenSize];
        return new()
        {
            Socket = socket ?? throw new ArgumentException($"A worker is started by its host; {WorkerStart.SocketOption} is missing."),
            Token =
                input.ReadAtLeast(hex, hex.Length, throwOnEndOfStream: false) == hex.Length
                    ? Convert.FromHexString(hex)
                    : throw new ArgumentException("A worker is started by its host; the token is missing on the standard input."),
            FrameworkFolders = frameworks,
            DataPath = data,
            WorkingDirectory = workingDirectory,
        };
    }

    public void GoToWorkingDirectory()
    {
        try
        {
            if (WorkingDirectory is { } directory)
            {
                Environment.CurrentDirectory = directory;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone, or closed to this user: a body that wants it finds out, others need not.
        }
    }
}
