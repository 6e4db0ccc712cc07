namespace FalServerless.Runtime.Environments;

/// <summary>A file of an environment.</summary>
/// <param name="Path">Below its packages' folder, with slashes.</param>
/// <param name="Size">In bytes.</param>
internal sealed record EnvironmentFile(string Path, long Size);
