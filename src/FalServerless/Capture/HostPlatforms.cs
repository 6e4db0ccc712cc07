using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>The platforms that hosts may have: this program's, for the local one, and Linux on both architectures.</summary>
internal static class HostPlatforms
{
    private static readonly HashSet<string> Names =
    [
        .. new[] { NativePlatforms.Own, "linux-x64", "linux-arm64", "linux-musl-x64", "linux-musl-arm64" }.SelectMany(
            NativePlatforms.RunningOn
        ),
    ];

    public static bool Includes(string platform) => Names.Contains(platform);
}
