namespace FalServerless.Serialization.Methods;

/// <summary>Why some code cannot be sent, and what to do instead.</summary>
internal sealed record CodeRefusal(string Reason, string Suggestion);
