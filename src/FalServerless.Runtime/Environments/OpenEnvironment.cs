namespace FalServerless.Runtime.Environments;

/// <summary>A whole environment, and the lock that keeps it from being removed.</summary>
internal sealed record OpenEnvironment(string PackagesPath, IReadOnlySet<string> AssemblyNames, FileStream Lock);
