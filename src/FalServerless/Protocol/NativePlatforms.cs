using System.Runtime.InteropServices;

namespace FalServerless.Protocol;

/// <summary>The platforms that native libraries are made for, by their portable names.</summary>
internal static class NativePlatforms
{
    /// <summary>This process's: <c>linux-x64</c>.</summary>
    public static string Own { get; } = $"{System()}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The platforms whose libraries run on another one, the best first: <c>linux-x64, linux, unix-x64, unix, any</c>.</summary>
    public static IReadOnlyList<string> RunningOn(string platform)
    {
        var split = platform.LastIndexOf('-');
        var (system, architecture) = split < 0 ? (platform, "") : (platform[..split], platform[split..]);
        string[] systems = system switch
        {
            "linux-musl" => ["linux-musl", "linux", "unix"],
            "linux" or "osx" => [system, "unix"],
            _ => [system],
        };
        return [.. systems.SelectMany(name => architecture.Length == 0 ? new[] { name } : [name + architecture, name]), "any"];
    }

    /// <summary>
    /// The files that a platform needs: those of every platform, and of native libraries with one name the one that fits best.
    /// </summary>
    public static IReadOnlyList<FunctionFile> Choose(IEnumerable<FunctionFile> files, string platform)
    {
        var order = RunningOn(platform).ToList();
        return
        [
            .. files
                .Where(file => file.Content is not null && (file.Platform is null || order.Contains(file.Platform)))
                .GroupBy(file => file.Platform is null ? file.Path : Path.GetFileName(file.Path), StringComparer.Ordinal)
                .Select(same => same.MinBy(file => file.Platform is null ? -1 : order.IndexOf(file.Platform))!),
        ];
    }

    private static string System() =>
        OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx"
        : RuntimeInformation.RuntimeIdentifier is var own
        && (own.Contains("musl", StringComparison.Ordinal) || own.StartsWith("alpine", StringComparison.Ordinal))
            ? "linux-musl"
        : "linux";
}
