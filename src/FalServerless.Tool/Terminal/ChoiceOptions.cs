using System.CommandLine;
using FalServerless.Internal;

namespace FalServerless.Tool.Terminal;

/// <summary>Options that take one of a few words, with errors in our words.</summary>
internal static class ChoiceOptions
{
    /// <param name="name">The option.</param>
    /// <param name="description">What it is.</param>
    /// <param name="words">What it takes.</param>
    public static Option<string> Option(string name, string description, IReadOnlyList<string> words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = name.TrimStart('-') };
        option.CompletionSources.Add([.. words]);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [.., var last] && !words.Contains(last.Value))
            {
                var nearest = NearestName.Of(last.Value, words);
                var meant = nearest is null ? "" : $" Did you mean '{nearest}'?";
                result.AddError($"{name} is '{last.Value}'; it must be {string.Join(", ", words.SkipLast(1))} or {words[^1]}.{meant}");
            }
        });
        return option;
    }
}
