using System.Runtime.InteropServices;

namespace FalServerless.Hosts;

/// <summary>The .NET on this machine that runs this program and the programs that it starts.</summary>
internal static class DotnetInstallation
{
    private const string BaseFramework = "Microsoft.NETCore.App";
    private const string WebFramework = "Microsoft.AspNetCore.App";
    private const string WebAssembly = "Microsoft.AspNetCore.Http.Abstractions.dll";

    /// <summary>Its folder; null for a program that brings its own runtime where <c>DOTNET_ROOT</c> names none.</summary>
    public static string? Root { get; } = OfThisProgram() ?? OfEnvironment();

    /// <summary>The folder of the ASP.NET Core framework: of the one that this program has loaded, else of the newest there.</summary>
    public static string? FindWebFramework() =>
        LoadedFrom(AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string)
        ?? (Root is null ? null : NewestWebFramework(Root, Environment.Version.Major));

    /// <summary>The folder of the newest release of a major version; null where there is none.</summary>
    internal static string? NewestWebFramework(string root, int major)
    {
        var versions = Path.Combine(root, "shared", WebFramework);
        return !Directory.Exists(versions)
            ? null
            : Directory
                .EnumerateDirectories(versions)
                .Select(folder => (Folder: folder, Version: Version.TryParse(Path.GetFileName(folder), out var version) ? version : null))
                .Where(found => found.Version?.Major == major)
                .OrderByDescending(found => found.Version)
                .Select(found => found.Folder)
                .FirstOrDefault();
    }

    private static string? LoadedFrom(string? assemblies) =>
        assemblies
            ?.Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path.AsSpan()).SequenceEqual(WebAssembly))
            .Select(Path.GetDirectoryName)
            .FirstOrDefault();

    // <root>/shared/Microsoft.NETCore.App/<version>/System.Private.CoreLib.dll
    private static string? OfThisProgram() =>
        Checked(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")));

    private static string? OfEnvironment() =>
        Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? Checked(Path.GetFullPath(root)) : null;

    private static string? Checked(string root) => Directory.Exists(Path.Combine(root, "shared", BaseFramework)) ? root : null;
}
