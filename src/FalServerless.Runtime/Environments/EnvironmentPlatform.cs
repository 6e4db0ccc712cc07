using System.Globalization;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Environments;

/// <summary>What packages are chosen for: the workers run on the same .NET and the same system as this host.</summary>
internal static class EnvironmentPlatform
{
    /// <summary>As projects name it: <c>net10.0</c>.</summary>
    public static string Framework { get; } =
        string.Create(CultureInfo.InvariantCulture, $"net{Environment.Version.Major}.{Environment.Version.Minor}");

    /// <summary>The portable runtime identifier, <c>linux-x64</c>: packages are made for these, not for single distributions.</summary>
    public static string RuntimeIdentifier => NativePlatforms.Own;
}
