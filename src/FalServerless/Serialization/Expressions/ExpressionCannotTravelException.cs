namespace FalServerless.Serialization.Expressions;

/// <summary>Something in an expression tree has no meaning outside this process; capture turns this into the user's error.</summary>
internal sealed class ExpressionCannotTravelException(string message) : ArgumentException(message)
{
    /// <summary>The first sentence.</summary>
    public string Reason => Parts.Reason;

    /// <summary>What follows it.</summary>
    public string WayOut => Parts.WayOut;

    private (string Reason, string WayOut) Parts =>
        Message.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end ? (Message[..end], Message[(end + 2)..].TrimEnd('.')) : (Message.TrimEnd('.'), "");
}
