using Spectre.Console;

namespace FalServerless.Tool.Terminal;

/// <summary>Asks the user at the terminal. The questions go to the error stream: the output is the command's alone.</summary>
internal static class Prompt
{
    public static bool IsPossible => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public static string Ask(string question) => Output.ErrorTerminal().Prompt(new TextPrompt<string>(Markup.Escape(question)));

    /// <summary>Shows nothing of what is typed, not even its length.</summary>
    public static string AskHidden(string question) =>
        Output.ErrorTerminal().Prompt(new TextPrompt<string>(Markup.Escape(question)).Secret(null));
}
