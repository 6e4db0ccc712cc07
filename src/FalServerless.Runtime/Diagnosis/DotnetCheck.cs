using System.Globalization;
using System.Runtime.InteropServices;
using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Runtime.Environments;

namespace FalServerless.Runtime.Diagnosis;

/// <summary>
/// .NET: the runtime that everything runs on, the SDK that restores packages, and the programs that were installed with this one.
/// </summary>
internal static class DotnetCheck
{
    private const string WorkerCheck = "worker program";
    private const string WorkerName = "FalServerless.Worker";

    public static Finding Runtime() =>
        Finding.Works(
            ".NET runtime",
            $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {EnvironmentPlatform.RuntimeIdentifier}"
        );

    public static Finding Sdk()
    {
        const string Name = ".NET SDK";
        var advice =
            $"Functions with Requirements need it where they run: install the SDK of {EnvironmentPlatform.Framework}, or put its "
            + $"'dotnet' on the path.";
        if (DotnetSdk.Find() is not { } dotnet)
        {
            return Finding.Limited(Name, "not found; functions without Requirements run all the same", advice);
        }

        var versions = Directory
            .EnumerateDirectories(Path.Combine(Path.GetDirectoryName(dotnet)!, "sdk"))
            .Select(folder => Path.GetFileName(folder))
            .Where(name => char.IsAsciiDigit(name[0]))
            .Order(StringComparer.Ordinal)
            .ToArray();
        var found = $"{string.Join(", ", versions)} at '{Path.GetDirectoryName(dotnet)}'";
        return Array.Exists(versions, version => Major(version) >= Environment.Version.Major)
            ? Finding.Works(Name, found)
            : Finding.Limited(Name, $"{found}, which is older than {EnvironmentPlatform.Framework}", advice);
    }

    public static Finding Worker()
    {
        try
        {
            return Worker(ProgramFolder.Find());
        }
        catch (HostUnreachableException e)
        {
            return Missing(e.Message);
        }
    }

    internal static Finding Worker(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(folder);
        if (!File.Exists(Path.Combine(folder, WorkerName + ".dll")))
        {
            return Missing($"'{Path.Combine(folder, WorkerName + ".dll")}' is missing");
        }

        var executable = DotnetProgram.Executable(folder, WorkerName);
        return ExecutePermission.IsGranted(executable) || !File.Exists(executable)
            ? Finding.Works(WorkerCheck, $"'{folder}'")
            : Finding.Limited(
                WorkerCheck,
                $"this user may not execute '{executable}'; it is started through 'dotnet', which takes longer",
                $"Let everybody execute it, as its owner or root: chmod -R a+X '{folder}'"
            );
    }

    private static Finding Missing(string found) =>
        Finding.Fails(WorkerCheck, found, "Reinstall fal-serverless: dotnet tool update --global FalServerless.Runtime");

    private static int Major(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
