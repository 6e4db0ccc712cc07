using System.Diagnostics;

namespace FalServerless.Runtime.Environments;

/// <summary>
/// Runs the SDK for one restore, on a thread of its own, and ends it with everything that it started when it is no longer needed, or the
/// host dies.
/// </summary>
internal static class RestoreProcess
{
    // What was configured for the caller's own build or start must not change this one.
    private static readonly string[] Unwanted =
    [
        "MSBuildSDKsPath",
        "MSBuildExtensionsPath",
        "MSBuildLoadMicrosoftTargetsReadOnly",
        "MSBUILD_EXE_PATH",
        "DOTNET_HOST_PATH",
        "DOTNET_STARTUP_HOOKS",
        "DOTNET_gcServer",
    ];

    private static readonly string? DeathSignal = FindDeathSignal();

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string dotnet,
        IReadOnlyList<string> arguments,
        string folder,
        Action<string> line,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);

        // The kernel ties the signal of the parent's death to the thread that started the child, so that thread must stay.
        new Thread(() => Run(StartInfo(dotnet, arguments, folder), line, started, ended))
        {
            IsBackground = true,
            Name = "restore",
        }.Start();
        var process = await started.Task;
        await using (cancellationToken.UnsafeRegister(static process => Kill((Process)process!), process))
        {
            var exitCode = await ended.Task;
            cancellationToken.ThrowIfCancellationRequested();
            return exitCode;
        }
    }

    private static ProcessStartInfo StartInfo(string dotnet, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(DeathSignal ?? dotnet)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (DeathSignal is not null)
        {
            start.ArgumentList.Add("--pdeathsig");
            start.ArgumentList.Add("KILL");
            start.ArgumentList.Add(dotnet);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in Unwanted)
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";

        // A killed restore leaves nothing behind: its temporary files are in a folder that is removed with it. NuGet's own locks must stay
        // where all restores of the user find them.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        if (!OperatingSystem.IsWindows())
        {
            start.Environment.TryAdd("NUGET_SCRATCH", Path.Combine(Path.GetTempPath(), "NuGetScratch" + Environment.UserName));
            start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;
        }

        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        start.Environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
        start.Environment["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "true";
        return start;
    }

    private static void Run(
        ProcessStartInfo start,
        Action<string> line,
        TaskCompletionSource<Process> started,
        TaskCompletionSource<int> ended
    )
    {
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, error) => line(error.Data ?? "");
            process.BeginErrorReadLine();
            process.StandardInput.Close();
            started.SetResult(process);
            while (process.StandardOutput.ReadLine() is { } output)
            {
                line(output);
            }

            process.WaitForExit();
            ended.SetResult(process.ExitCode);
        }
        catch (Exception e)
        {
            _ = started.TrySetException(e) || ended.TrySetException(e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended.
        }
    }

    // util-linux's; the one of busybox does not know the option. Elsewhere a host that is killed leaves its restore to end by itself.
    private static string? FindDeathSignal() =>
        !OperatingSystem.IsLinux()
            ? null
            : Array.Find(
                ["/usr/bin/setpriv", "/bin/setpriv"],
                path =>
                    File.Exists(path)
                    && File.ResolveLinkTarget(path, returnFinalTarget: true)?.Name.Contains("busybox", StringComparison.Ordinal) != true
            );
}
