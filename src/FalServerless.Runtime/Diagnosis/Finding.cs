namespace FalServerless.Runtime.Diagnosis;

/// <summary>What was found of one thing that a host or its callers need.</summary>
internal sealed record Finding
{
    /// <summary>The thing.</summary>
    public required string Name { get; init; }

    public required Condition Condition { get; init; }

    /// <summary>What there is, or what is wrong.</summary>
    public required string Found { get; init; }

    /// <summary>What to do; null where nothing need be done.</summary>
    public string? Advice { get; init; }

    public static Finding Works(string name, string found) =>
        new()
        {
            Name = name,
            Condition = Condition.Works,
            Found = found,
        };

    public static Finding Limited(string name, string found, string advice) =>
        new()
        {
            Name = name,
            Condition = Condition.Limited,
            Found = found,
            Advice = advice,
        };

    public static Finding Fails(string name, string found, string advice) =>
        new()
        {
            Name = name,
            Condition = Condition.Fails,
            Found = found,
            Advice = advice,
        };
}
