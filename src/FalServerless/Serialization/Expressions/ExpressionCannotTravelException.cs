namespace FalServerless.Serialization.Expressions;

/// <summary>Something in an expression tree has no meaning outside this process; capture turns this into the user's error.</summary>
internal sealed class ExpressionCannotTravelException(string message) : ArgumentException(message);
