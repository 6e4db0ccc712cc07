using System.Diagnostics;
using System.Globalization;
using FalServerless.Hosts;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Workers.Processes.ResourceLimits;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>Starts each worker as a child process of this machine.</summary>
/// <param name="listener">Where they connect to the gateway.</param>
/// <param name="data">Where bodies find the host's data.</param>
/// <param name="cgroups">Those that limit the workers.</param>
/// <param name="host">What the workers share.</param>
/// <param name="variables">Which environment variables they get.</param>
/// <param name="logs">Those of the workers.</param>
internal sealed class ProcessLauncher(
    WorkerListener listener,
    DataNamespace data,
    GatewayCgroups cgroups,
    HostSize host,
    WorkerVariables variables,
    WorkerLogs logs
) : IWorkerLauncher
{
    /// <summary>
    /// Should the whole machine run out of memory, the kernel takes a worker, which is replaced, before the gateway or the user's program.
    /// </summary>
    private const string OutOfMemoryScore = "500";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Where the shared framework of the gateway itself lies: user code may need it, and the worker does not load it by itself.
    /// </summary>
    private static readonly string? WebFramework = DotnetInstallation.FindWebFramework();

    public async Task<WorkerHandle> StartAsync(WorkerClass workerClass)
    {
        var place = await data.PlaceAsync();
        var expected = listener.Expect();
        try
        {
            var process = await StartProcessAsync(StartInfo(workerClass, place), expected.Token);
            var first = await Task.WhenAny(expected.Arrived, process.Exited, Task.Delay(StartLimit));
            if (first == expected.Arrived)
            {
                var (data, control) = await expected.Arrived;
                var worker = new WorkerHandle(process, data, control);
                logs.Keep(worker.Id, worker.Log, worker.Exited);
                return worker;
            }

            process.Kill();
            throw new WorkerStartException(
                first == process.Exited
                    ? $"The worker ended before it was ready: {(await process.EndAsync()).Describe()}"
                    : $"The worker was not ready within {StartLimit.TotalSeconds:0} s."
            );
        }
        finally
        {
            listener.Forget(expected);
        }
    }

    // Its group has no limits before the claim: a start that is throttled takes several times as long.
    private async Task<WorkerProcess> StartProcessAsync(ProcessStartInfo start, string token)
    {
        var group = cgroups.MakeGroup();
        try
        {
            var started = await ProcessStarter.StartAsync(start) ?? throw new WorkerStartException($"'{start.FileName}' did not start.");
            var process = new WorkerProcess(started) { Limits = new(host, group), RanOutOfMemory = () => group?.RanOutOfMemory == true };
            if (group is not null)
            {
                _ = process.Exited.ContinueWith(_ => group.RemoveAsync(), TaskScheduler.Default);
                AddToCgroup(process, group);
            }

            SetOomScore(process);

            SendToken(started, token);
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            _ = group?.RemoveAsync();
            throw new WorkerStartException($"The worker program '{start.FileName}' cannot be started: {e.Message}", e);
        }
    }

    private static void SendToken(Process process, string token)
    {
        try
        {
            process.StandardInput.Write(token);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, which its start finds out.
        }
    }

    private static void AddToCgroup(WorkerProcess process, IProcessGroup group)
    {
        try
        {
            group.Add(process.ProcessId);
        }
        catch (IOException e)
        {
            // It has ended already, which its start finds out, or would run without limits.
            process.Kill($"It could not be taken into its control group. {e.Message}");
        }
    }

    private static void SetOomScore(WorkerProcess process)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            File.WriteAllText($"/proc/{process.ProcessId}/oom_score_adj", OutOfMemoryScore);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended already, or this host has a higher score itself and may not set a lower one.
        }
    }

    private ProcessStartInfo StartInfo(WorkerClass workerClass, DataPlace place)
    {
        var start = DotnetProgram.StartInfo(AppContext.BaseDirectory, "FalServerless.Worker");
        start.ArgumentList.Add(WorkerStart.SocketOption);
        start.ArgumentList.Add(listener.Path);
        if (WebFramework is not null)
        {
            start.ArgumentList.Add(WorkerStart.FrameworkOption);
            start.ArgumentList.Add(WebFramework);
        }

        start.ArgumentList.Add(WorkerStart.DataOption);
        start.ArgumentList.Add(place.Path);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        variables.Apply(start.Environment);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_PROCESSOR_COUNT"] = workerClass.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        SetGpu(start, workerClass.Gpu);
        Enter(start, place);
        return start;
    }

    // What CUDA and NVIDIA's container tools read. An index that does not exist ends CUDA's list, so this one leaves it empty.
    private static void SetGpu(ProcessStartInfo start, int? gpu)
    {
        // By its place on the bus, which is how the host counts them.
        start.Environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID";
        start.Environment["CUDA_VISIBLE_DEVICES"] = gpu?.ToString(CultureInfo.InvariantCulture) ?? "-1";
        start.Environment["NVIDIA_VISIBLE_DEVICES"] = gpu?.ToString(CultureInfo.InvariantCulture) ?? "none";
    }

    private static void Enter(ProcessStartInfo start, DataPlace place)
    {
        if (place.WorkingDirectory is { } directory)
        {
            start.ArgumentList.Add(WorkerStart.WorkingDirectoryOption);
            start.ArgumentList.Add(directory);
        }

        place.Namespace?.Enter(start);
    }
}
