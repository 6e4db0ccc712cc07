using System.Diagnostics;
using FalServerless.Internal;

namespace FalServerless.Runtime.Environments;

/// <summary>Fills an environment with NuGet, by the SDK of this machine and with the configuration of its user.</summary>
/// <param name="configuration">The folder where the search for the user's NuGet.config begins; null for none of the user's program.</param>
internal sealed class NuGetRestore(string? configuration)
{
    // A restore stopped by a full disk says so here.
    private static readonly string[] OutOfSpace = ["No space left on device", "There is not enough space on the disk", "disk full"];

    /// <exception cref="EnvironmentBuildFailure">NuGet failed, or there is no SDK.</exception>
    public async Task<IReadOnlyList<ResolvedPackage>> BuildAsync(
        EnvironmentDefinition definition,
        string folder,
        BuildLog log,
        CancellationToken cancellationToken
    )
    {
        var names = string.Join(", ", definition.Requirements);
        var dotnet =
            DotnetSdk.Find()
            ?? throw new EnvironmentBuildFailure(
                $"The environment of {names} cannot be built: this host has no .NET SDK, only a runtime, and packages are restored by "
                    + $"the SDK's NuGet. Install the SDK of {EnvironmentPlatform.Framework} on the host, or put its 'dotnet' on the path."
            );
        var scratch = Directory.CreateDirectory(Path.Combine(folder, "restore")).FullName;
        RestoreProject.Write(scratch, EnvironmentFolder.Packages(folder), definition.Requirements, configuration);
        log(LogEntryLevel.Info, $"Restoring {names}.");
        var output = new RestoreOutput(log);
        var began = Stopwatch.GetTimestamp();
        var exitCode = await RunAsync(dotnet, scratch, output, cancellationToken);
        if (exitCode != 0)
        {
            var failure = RestoreFailures.Of(definition, output);
            throw Array.Exists(OutOfSpace, words => failure.Message.Contains(words, StringComparison.OrdinalIgnoreCase))
                ? new EnvironmentBuildFailure(failure.Message + "\nMake room on the host's disk.")
                : failure;
        }

        var packages = PackagesLockFile.Read(Path.Combine(scratch, RestoreProject.LockFileName));
        File.Move(Path.Combine(scratch, RestoreProject.LockFileName), Path.Combine(folder, RestoreProject.LockFileName));
        Directory.Delete(scratch, recursive: true);
        var origin =
            output.Installed == 0 ? "all of them from this machine's package folder" : $"{output.Installed} of them new on this machine";
        log(
            LogEntryLevel.Info,
            $"Restored {Plural.Of(packages.Count, "package")} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, "
                + $"{origin}: {string.Join(", ", packages.Select(package => $"{package.Name} {package.Version}"))}."
        );
        return packages;
    }

    private static async Task<int> RunAsync(string dotnet, string folder, RestoreOutput output, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "msbuild",
            RestoreProject.FileName,
            "-restore",
            $"-t:{RestoreProject.Target}",
            "-nologo",
            "-m:1",
            "-nodeReuse:false",
            "-tl:off",
            "-v:normal",
            "-clp:NoSummary;DisableConsoleColor;ForceNoAlign",
        ];
        try
        {
            return await RestoreProcess.RunAsync(dotnet, arguments, folder, output.Read, cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new EnvironmentBuildFailure($"The host cannot start its .NET SDK '{dotnet}': {e.Message}", null, e);
        }
    }
}
