using System.CommandLine;
using FalServerless.Runtime.Keys;
using FalServerless.Tool.Serving;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Keys;

/// <summary>The keys of a host on this machine, for the commands that manage them; the host may be running.</summary>
internal static class KeyFolder
{
    /// <summary>Who is at the command line, for the audit log.</summary>
    public static string User => $"user {Environment.UserName}";

    /// <summary>Opens the keys of the state folder that the command line names.</summary>
    /// <param name="options">Those of the command.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="makes">Whether they are made where there are none.</param>
    /// <exception cref="CliException">The folder is wrong, or has no keys.</exception>
    public static KeyStore Open(SettingOptions options, ParseResult parsed, bool makes)
    {
        var reader = options.Read(parsed);
        var state = ServeSettings.ReadState(reader);
        if (state is null || reader.Errors.Count > 0)
        {
            throw SettingOptions.Wrong(reader);
        }

        if (makes)
        {
            StateFolder.Make(state);
        }
        else if (!KeyStore.Exists(state))
        {
            throw new CliException($"There are no keys in '{state}'. Name the state folder of the host with --state or FAL_STATE.");
        }

        return KeyStore.Open(state);
    }
}
