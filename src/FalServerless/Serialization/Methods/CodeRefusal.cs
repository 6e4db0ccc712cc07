namespace FalServerless.Serialization.Methods;

/// <summary>Why some code cannot travel, and what to do instead.</summary>
internal sealed record CodeRefusal(string Reason, string WayOut);
