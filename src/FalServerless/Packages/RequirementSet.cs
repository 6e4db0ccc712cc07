using FalServerless.Protocol;

namespace FalServerless.Packages;

/// <summary>All packages that a function requires, each once.</summary>
internal sealed class RequirementSet
{
    private RequirementSet(IReadOnlyList<string> texts, IReadOnlyList<Requirement> requirements) =>
        (Texts, Requirements) = (texts, requirements);

    /// <summary>No package.</summary>
    public static RequirementSet None { get; } = new([], []);

    /// <summary>As the caller wrote them, in the caller's order.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>In the order of their names, so that the order in which they were written makes no difference.</summary>
    public IReadOnlyList<Requirement> Requirements { get; }

    /// <summary>Reads a list and keeps a copy of it.</summary>
    /// <exception cref="ArgumentException">An entry is no requirement, two contradict each other, or there are too many.</exception>
    public static RequirementSet Read(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return None;
        }

        string[] copy = [.. texts];
        if (copy.Length > ProtocolLimits.MaximumRequirements)
        {
            throw new ArgumentException(
                $"A function may have {ProtocolLimits.MaximumRequirements} requirements at most, not {copy.Length}."
            );
        }

        var byName = new SortedDictionary<string, Requirement>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < copy.Length; i++)
        {
            var requirement = Read(copy[i], i);
            if (!byName.TryAdd(requirement.Name, requirement) && byName[requirement.Name].Normalized != requirement.Normalized)
            {
                throw new ArgumentException(
                    $"'{byName[requirement.Name]}' and '{requirement}' ask for different versions of one package. Keep one of them; "
                        + $"two versions work in two functions."
                );
            }
        }

        return new(Array.AsReadOnly(copy), [.. byName.Values]);
    }

    /// <summary>An immutable copy of a list of requirements.</summary>
    /// <param name="texts">The list.</param>
    /// <param name="option">The name of the option that has it.</param>
    /// <exception cref="ArgumentException">As <see cref="Read(IReadOnlyList{string})"/> says.</exception>
    public static IReadOnlyList<string> Copy(IReadOnlyList<string>? texts, string option)
    {
        ArgumentNullException.ThrowIfNull(texts, option);
        try
        {
            return Read(texts).Texts;
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException(e.Message, option, e);
        }
    }

    private static Requirement Read(string? text, int index) =>
        text switch
        {
            null => throw new ArgumentException($"Entry {index} of the requirements is null. {Requirement.Forms}"),
            _ when string.IsNullOrWhiteSpace(text) => throw new ArgumentException(
                $"Entry {index} of the requirements, '{text}', is empty. {Requirement.Forms}"
            ),
            { Length: > ProtocolLimits.LongestRequirement } => throw new ArgumentException(
                $"The requirement '{text.AsSpan(0, 40)}…' has {text.Length} characters; {ProtocolLimits.LongestRequirement} is the most."
            ),
            _ => Requirement.Parse(text),
        };
}
