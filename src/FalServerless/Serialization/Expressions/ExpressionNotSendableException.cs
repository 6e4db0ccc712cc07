namespace FalServerless.Serialization.Expressions;

/// <summary>Something in an expression tree has no meaning outside this process; capture turns this into the user's error.</summary>
internal sealed class ExpressionNotSendableException(string message) : ArgumentException(message)
{
    /// <summary>The first sentence.</summary>
    public string Reason => Parts.Reason;

    /// <summary>What follows it.</summary>
    public string Suggestion => Parts.Suggestion;

    private (string Reason, string Suggestion) Parts =>
        Message.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end
            ? (Message[..end], Message[(end + 2)..].TrimEnd('.'))
            : (Message.TrimEnd('.'), "");
}
