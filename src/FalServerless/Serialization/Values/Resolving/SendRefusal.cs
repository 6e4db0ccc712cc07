namespace FalServerless.Serialization.Values;

/// <summary>Why no value of a type can be sent, and what to do instead.</summary>
internal sealed record SendRefusal(string Reason, string Suggestion)
{
    public NotSendableException For(Type type) => new(type, Reason, Suggestion);
}
