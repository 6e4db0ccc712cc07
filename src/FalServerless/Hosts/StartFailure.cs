using System.ComponentModel;

namespace FalServerless.Hosts;

/// <summary>Says what the machine lacks when the runtime of the local host does not start, from what .NET's own host printed.</summary>
internal static class StartFailure
{
    private const string Install =
        "Install the ASP.NET Core runtime of .NET 10 (package aspnetcore-runtime-10.0), or the .NET 10 SDK, which brings it: "
        + "https://dotnet.microsoft.com/download/dotnet/10.0.";

    // What the hosts of .NET exit with (0x80008096 and 0x80008083, the last byte of which a process can give).
    private const int FrameworkMissing = 150;
    private const int DotnetMissing = 131;

    /// <summary>What is missing, where it was looked for and how to get it; null where the failure is another one.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="output">What the process printed on its standard error.</param>
    public static string? Describe(int exitCode, string output) =>
        exitCode == DotnetMissing || output.Contains("You must install .NET to run", StringComparison.Ordinal)
            ? $"FalHost.Local runs its host and its workers on .NET 10, and this machine has no .NET that they could "
                + $"find{After(output, "DOTNET_ROOT = ", " (DOTNET_ROOT is '", "')")}. {Install}"
        : exitCode == FrameworkMissing || output.Contains("You must install or update .NET", StringComparison.Ordinal)
            ? $"FalHost.Local needs {Framework(output)}, and it is not "
                + $"there{After(output, ".NET location: ", ": looked in '", "/shared'")}{Found(output)}. {Install}"
        : null;

    /// <summary>Of a program that the system did not start.</summary>
    public static string Describe(string program, Win32Exception failure)
    {
        const int NoSuchFile = 2;
        const int NoAccess = 13;
        return failure.NativeErrorCode switch
        {
            NoSuchFile when program is "dotnet" =>
                $"FalHost.Local runs its host and its workers on .NET 10, and there is no 'dotnet' on the PATH. {Install}",
            NoSuchFile => $"FalHost.Local could not start its runtime: '{program}' is gone, or what it needs to run is not on this "
                + $"machine. {Install}",
            NoAccess => $"FalHost.Local may not execute '{program}': its file system is mounted noexec, or its mode forbids it to this "
                + $"user. Move the program to a folder from which programs may run, or let everybody run it, as its owner or root: "
                + $"chmod -R a+X '{Path.GetDirectoryName(program)}'",
            _ => $"FalHost.Local could not start its runtime '{program}': {failure.Message}.",
        };
    }

    // Framework: 'Microsoft.AspNetCore.App', version '10.0.0' (x64)
    private static string Framework(string output)
    {
        var parts = After(output, "Framework: ", "", "").Split('\'');
        return parts is [_, var name, _, var version, ..]
            ? $"{(name == "Microsoft.AspNetCore.App" ? "the ASP.NET Core runtime" : "the .NET runtime")} ({name}, version {version} "
                + $"or a later one of {version.Split('.')[0]}.x)"
            : "the ASP.NET Core runtime (Microsoft.AspNetCore.App 10.x)";
    }

    // The versions that are there instead: "  8.0.1 at [/usr/share/dotnet/shared/Microsoft.AspNetCore.App]"
    private static string Found(string output)
    {
        var found = output
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Contains(" at [", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[0])
            .ToArray();
        return found.Length == 0 ? "" : $" (there are versions {string.Join(", ", found)})";
    }

    private static string After(string output, string mark, string before, string after)
    {
        var line = output.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith(mark, StringComparison.Ordinal));
        return line is null ? "" : $"{before}{line[mark.Length..]}{after}";
    }
}
