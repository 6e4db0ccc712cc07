namespace FalServerless.Serialization.Types;

/// <summary>A type that no name would lead another process to; callers say which value needs it.</summary>
internal sealed class UnnamedTypeException(Type type, string reason, string suggestion)
    : ArgumentException($"The type '{type}' cannot be named: {reason}. {suggestion}.")
{
    public Type Type { get; } = type;

    public string Reason { get; } = reason;

    public string Suggestion { get; } = suggestion;
}
