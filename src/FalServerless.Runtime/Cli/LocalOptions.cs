using System.Diagnostics.CodeAnalysis;
using System.Text;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Cli;

/// <summary>What the client that starts a local runtime tells it.</summary>
internal sealed record LocalOptions
{
    private const int LongestKey = 256;

    /// <summary>A folder of this runtime alone, readable by its owner only; removed at the end.</summary>
    public required string Directory { get; init; }

    /// <summary>The folder that bodies keep files in. It outlives the runtime.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Every request must carry it.</summary>
    public required string Key { get; init; }

    public required HostSettings Settings { get; init; }

    /// <summary>Completes when the parent closes the input, which its death does too.</summary>
    public required Task ParentGone { get; init; }

    public static bool TryRead(IReadOnlyList<string> arguments, Stream input, [NotNullWhen(true)] out LocalOptions? options, [NotNullWhen(false)] out string? error)
    {
        options = null;
        error = null;
        if (arguments is not ([RuntimeStart.LocalCommand, RuntimeStart.DirectoryOption, _] or [RuntimeStart.LocalCommand, RuntimeStart.DirectoryOption, _, RuntimeStart.DataOption, _]))
        {
            error = $"Usage: {RuntimeStart.LocalCommand} {RuntimeStart.DirectoryOption} <folder> [{RuntimeStart.DataOption} <folder>], with the key on the first line of the input. FalHost.Local starts this by itself.";
            return false;
        }

        var directory = arguments[2];
        var settings = HostSettings.Read(Environment.GetEnvironmentVariable, out var wrong);
        if (wrong.Count > 0)
        {
            error = string.Join('\n', wrong);
        }
        else if (!System.IO.Directory.Exists(directory))
        {
            error = $"The folder '{directory}' does not exist.";
        }
        else if (ReadLine(input) is not { Length: > 0 } key)
        {
            error = "The key is missing on the first line of the input.";
        }
        else
        {
            options = new()
            {
                Directory = directory,
                DataDirectory = arguments.Count > 3 ? Path.GetFullPath(arguments[4]) : DefaultDataDirectory(directory),
                Key = key,
                Settings = settings,
                ParentGone = WaitForEnd(input),
            };
        }

        return options is not null;
    }

    // A user without a home keeps files as long as the runtime lives.
    private static string DefaultDataDirectory(string directory) =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home
            ? Path.Combine(home, "fal-serverless", "data")
            : Path.Combine(directory, "data");

    private static string ReadLine(Stream input)
    {
        var line = new StringBuilder();
        while (line.Length < LongestKey && input.ReadByte() is >= 0 and not '\n' and var next)
        {
            line.Append((char)next);
        }

        return line.ToString();
    }

    // A thread of its own: the parent's death must be seen even when the pool is starved.
    private static Task WaitForEnd(Stream input)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            while (input.ReadByte() >= 0)
            {
            }

            gone.SetResult();
        })
        {
            IsBackground = true,
            Name = "parent",
        };
        thread.Start();
        return gone.Task;
    }
}
