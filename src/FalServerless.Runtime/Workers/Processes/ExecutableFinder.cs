namespace FalServerless.Runtime.Workers.Processes;

/// <summary>Programs that the machine may have.</summary>
internal static class ExecutableFinder
{
    // Those of administration are often missing from a user's PATH.
    private static readonly string[] UsualFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    /// <summary>The program's path, on PATH first; null where it is missing.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .Concat(UsualFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
