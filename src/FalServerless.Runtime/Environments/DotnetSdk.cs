namespace FalServerless.Runtime.Environments;

/// <summary>Finds the .NET SDK, whose NuGet restores packages: beside the .NET that runs this host, else on the path.</summary>
internal static class DotnetSdk
{
    /// <returns>The <c>dotnet</c> of an SDK; null where there is none.</returns>
    public static string? Find() =>
        Roots()
            .Where(root => Directory.Exists(Path.Combine(root, "sdk")) && Directory.EnumerateDirectories(Path.Combine(root, "sdk")).Any())
            .Select(Program)
            .FirstOrDefault(File.Exists);

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            yield return root;
        }

        foreach (
            var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
                Path.PathSeparator,
                StringSplitOptions.RemoveEmptyEntries
            )
        )
        {
            if (File.Exists(Program(folder)))
            {
                // Distributions put a link on the path, and the SDK beside what that leads to.
                yield return Path.GetDirectoryName(
                    File.ResolveLinkTarget(Program(folder), returnFinalTarget: true)?.FullName ?? Program(folder)
                )!;
            }
        }
    }

    private static string Program(string root) => Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
}
