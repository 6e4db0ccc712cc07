namespace FalServerless.Runtime.Environments;

/// <summary>A package of an environment, and which version was chosen.</summary>
internal sealed record ResolvedPackage(string Name, string Version);
