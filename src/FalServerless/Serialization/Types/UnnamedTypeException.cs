namespace FalServerless.Serialization.Types;

/// <summary>A type that no name would lead another process to; callers say which value needs it.</summary>
internal sealed class UnnamedTypeException(Type type, string reason, string wayOut) : ArgumentException($"The type '{type}' cannot be named: {reason}. {wayOut}.")
{
    public Type Type { get; } = type;

    public string Reason { get; } = reason;

    public string WayOut { get; } = wayOut;
}
