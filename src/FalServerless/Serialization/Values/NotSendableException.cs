namespace FalServerless.Serialization.Values;

/// <summary>A value that cannot leave this process. Callers turn it into the public error that names the variable.</summary>
internal sealed class NotSendableException(Type type, string reason, string suggestion) : Exception
{
    private ValuePath _steps = new();

    public Type Type { get; } = type;

    /// <summary>From the value that was written to the one that cannot be sent, like <c>Orders[3].Client</c>; empty at the root.</summary>
    public string Path => _steps.ToString();

    /// <summary>Which of the values written together it was; 0 for a single one.</summary>
    public int Index { get; init; }

    public string Reason { get; } = reason;

    public string Suggestion { get; } = suggestion;

    public override string Message =>
        $"{(Path.Length == 0 ? $"A value of type '{Type}'" : $"'{Path}' is of type '{Type}', and")} cannot be sent: "
        + $"{Reason}.{(Suggestion.Length == 0 ? "" : $" {Suggestion}.")}";

    /// <summary>
    /// Adds the member or item that holds what <see cref="Path"/> leads to. A filter that is never true: it sees the error pass by,
    /// where catching and throwing again at every level would take more stack than writing the value did.
    /// </summary>
    public bool Within(string step)
    {
        _steps.Prepend(step);
        return false;
    }

    public bool Within(int index) => Within($"[{index}]");

    public NotSendableException At(int index)
    {
        return new(Type, Reason, Suggestion) { Index = index, _steps = _steps };
    }
}
