using System.Diagnostics.CodeAnalysis;
using System.Text;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Configuration;

/// <summary>What the client that starts a local runtime tells it.</summary>
internal sealed record LocalOptions
{
    private const int LongestKey = 256;

    public required HostOptions Host { get; init; }

    /// <summary>Every request must carry it.</summary>
    public required string Key { get; init; }

    /// <summary>Completes when the parent closes the input, which its death does too.</summary>
    public required Task ParentGone { get; init; }

    public static bool TryRead(
        IReadOnlyList<string> arguments,
        Stream input,
        [NotNullWhen(true)] out LocalOptions? options,
        [NotNullWhen(false)] out string? error
    )
    {
        options = null;
        error = null;
        if (
            arguments is not [RuntimeStart.LocalCommand, RuntimeStart.DirectoryOption, _, ..]
            || !TryReadOthers([.. arguments.Skip(3)], out var data, out var configuration)
        )
        {
            error =
                $"Usage: {RuntimeStart.LocalCommand} {RuntimeStart.DirectoryOption} <folder> [{RuntimeStart.DataOption} <folder>] "
                + $"[{RuntimeStart.ConfigurationOption} <folder>], with the key on the first line of the input. FalHost.Local "
                + $"starts this by itself.";
            return false;
        }

        var directory = arguments[2];
        var reader = new SettingReader(SettingReader.Environment);
        var settings = HostSettings.Read(reader);
        if (reader.Errors.Count > 0)
        {
            error = string.Join('\n', reader.Errors);
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
                Host = new()
                {
                    Directory = directory,
                    StateDirectory = directory,
                    // A user without a home keeps files as long as the runtime lives.
                    DataDirectory = data ?? settings.DataDirectory ?? UserFolder.Path("data") ?? Path.Combine(directory, "data"),
                    EnvironmentsDirectory =
                        settings.EnvironmentsDirectory ?? UserFolder.Path("environments") ?? Path.Combine(directory, "environments"),
                    ConfigurationDirectory = configuration,
                    Settings = settings,
                },
                Key = key,
                ParentGone = WaitForEnd(input),
            };
        }

        return options is not null;
    }

    private static bool TryReadOthers(IReadOnlyList<string> options, out string? data, out string? configuration)
    {
        (data, configuration) = (null, null);
        for (var i = 0; i + 1 < options.Count; i += 2)
        {
            var path = Path.GetFullPath(options[i + 1]);
            switch (options[i])
            {
                case RuntimeStart.DataOption:
                    data = path;
                    break;
                case RuntimeStart.ConfigurationOption:
                    configuration = path;
                    break;
                default:
                    return false;
            }
        }

        return options.Count % 2 == 0;
    }

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
            while (input.ReadByte() >= 0) { }

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
