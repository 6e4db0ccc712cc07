using System.CommandLine;
using System.CommandLine.Parsing;
using FalServerless.Internal;

namespace FalServerless.Tool.Terminal;

/// <summary>What is wrong with a command line, which command was probably meant, and how the command is used.</summary>
internal static class UsageErrors
{
    private const int LongestRepeated = 60;

    /// <summary>Words of other tools for what a command here does.</summary>
    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ls"] = ["list"],
        ["ps"] = ["list"],
        ["log"] = ["logs"],
        ["rm"] = ["remove", "revoke", "stop", "cancel"],
        ["delete"] = ["remove", "revoke", "stop", "cancel"],
        ["kill"] = ["stop", "cancel"],
        ["add"] = ["create", "build"],
        ["new"] = ["create", "build"],
        ["upload"] = ["sync"],
        ["start"] = ["serve"],
        ["run"] = ["serve"],
    };

    /// <summary>The lines for the error stream.</summary>
    public static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed.CommandResult);
        var fault = Fault(parsed, command, path);
        return $"fal-serverless: {fault}\n\n{Usage(parsed.RootCommandResult.Command, path)}";
    }

    /// <summary>
    /// Whether an option that there is not was taken for an argument: <c>key revoke --jsn</c>. A path that begins so is written
    /// <c>./--path</c>.
    /// </summary>
    public static bool HasMistakenOption(ParseResult parsed) => MistakenOption(parsed) is not null;

    private static string? MistakenOption(ParseResult parsed) =>
        parsed
            .CommandResult.Command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal))
            ?.Value;

    private static string Fault(ParseResult parsed, Command command, string path)
    {
        var isGroup = command.Subcommands.Count > 0;
        if ((parsed.UnmatchedTokens.FirstOrDefault() ?? MistakenOption(parsed)) is { } unknown)
        {
            var word = Repeat(unknown);
            return unknown.StartsWith('-') && unknown.Length > 1 ? $"'{path}' has no option '{word}'.{Meant(Option(unknown, command))}"
                : isGroup ? $"'{word}' is not a command of '{path}'.{Meant(Subcommand(unknown, parsed, command))}"
                : $"'{word}' is one argument more than '{path}' takes.";
        }

        if (isGroup)
        {
            var names = command.Subcommands.Select(subcommand => subcommand.Name).ToArray();
            return $"'{path}' needs a command: {string.Join(", ", names.SkipLast(1))} or {names[^1]}.";
        }

        return MissingArgument(parsed, command, path) ?? MissingValue(parsed, command) ?? parsed.Errors[0].Message;
    }

    private static string? MissingArgument(ParseResult parsed, Command command, string path) =>
        command.Arguments.FirstOrDefault(argument =>
            argument.Arity.MinimumNumberOfValues > 0 && !argument.HasDefaultValue && (parsed.GetResult(argument)?.Tokens.Count ?? 0) == 0
        )
            is { } missing
            ? $"'{path}' needs <{missing.Name}>. {missing.Description}"
            : null;

    private static string? MissingValue(ParseResult parsed, Command command) =>
        command.Options.FirstOrDefault(option =>
            option.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(option) is { Implicit: false, Tokens.Count: 0 }
        )
            is { } missing
            ? $"{missing.Name} needs a value: {missing.Name} <{missing.HelpName ?? "value"}>. {missing.Description}"
            : null;

    private static string Usage(Command root, string path)
    {
        using var help = new StringWriter();
        root.Parse([.. path.Split(' ')[1..], "--help"]).Invoke(new() { Output = help });
        var text = help.ToString().TrimEnd();

        // Commands are few and worth showing; all options would hide what is wrong.
        var usage = text.IndexOf("Usage:", StringComparison.Ordinal);
        var after = text.IndexOf("\n\n", Math.Max(usage, 0), StringComparison.Ordinal);
        var line = usage < 0 ? "" : text[usage..(after < 0 ? text.Length : after)];
        var commands = text.IndexOf("\nCommands:", StringComparison.Ordinal);
        return $"{line}{(commands < 0 ? "" : $"\n{text[commands..]}")}\n\nFor more: {path} --help\n";
    }

    private static string Meant(IReadOnlyList<string> meant) =>
        meant.Count == 0
            ? ""
            : $" Did you mean {string.Concat(meant.SkipLast(1).Select(other => $"'{other}', "))}"
                + $"{(meant.Count == 1 ? "" : "or ")}'{meant[^1]}'?";

    private static IReadOnlyList<string> Subcommand(string word, ParseResult parsed, Command command)
    {
        var names = command.Subcommands.Select(subcommand => subcommand.Name).ToArray();
        if (Synonyms.TryGetValue(word, out var synonyms) && synonyms.FirstOrDefault(names.Contains) is { } synonym)
        {
            return [synonym];
        }

        // A command of another group, or of this word's group: 'list' means 'worker list', 'key list', …
        var root = parsed.RootCommandResult.Command;
        var elsewhere = root
            .Subcommands.Where(group => group.Subcommands.Any(subcommand => subcommand.Name == word))
            .Select(group => $"{group.Name} {word}")
            .ToArray();
        var nearest = Nearest(word, names);
        return nearest is not null && (elsewhere.Length == 0 || command != root) ? [nearest]
            : elsewhere.Length > 0 ? elsewhere
            : root.Subcommands.Where(other => other.Name == word).Select(other => $"fal-serverless {word}").ToArray();
    }

    private static IReadOnlyList<string> Option(string word, Command command)
    {
        var name = word.Split('=')[0].TrimStart('-');
        var names = command.Options.Where(option => !option.Hidden).Select(option => option.Name.TrimStart('-'));
        return Nearest(name, names) is { } nearest ? [$"--{nearest}"] : [];
    }

    // Half of a word is not a slip of the finger.
    private static string? Nearest(string word, IEnumerable<string> names) => word.Length < 2 ? null : NearestName.Of(word, names);

    private static string PathOf(CommandResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = result; at is CommandResult { Command: var command }; at = at.Parent)
        {
            names.Push(command.Name);
        }

        return string.Join(' ', names);
    }

    private static string Repeat(string word)
    {
        var plain = string.Concat(word.Where(letter => !char.IsControl(letter)));
        return plain.Length <= LongestRepeated ? plain : $"{plain[..LongestRepeated]}…";
    }
}
