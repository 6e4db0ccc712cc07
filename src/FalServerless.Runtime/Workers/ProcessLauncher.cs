using System.Diagnostics;
using System.Globalization;
using FalServerless.Hosts;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Workers;

/// <summary>Starts each worker as a child process of this machine.</summary>
/// <param name="listener">Where they dial home.</param>
/// <param name="dataDirectory">The folder that bodies keep files in; made when the first worker starts.</param>
internal sealed class ProcessLauncher(WorkerListener listener, string dataDirectory)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>Where the shared framework of the gateway itself lies: user code may need it, and the worker does not load it by itself.</summary>
    private static readonly string? WebFramework = Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location);

    /// <summary>Starts a generic worker, and returns once it has dialled home.</summary>
    /// <exception cref="WorkerStartException">The process cannot be started, ended before it dialled home, or takes too long.</exception>
    public async Task<WorkerHandle> StartAsync(WorkerClass workerClass)
    {
        var expected = listener.Expect();
        try
        {
            var process = new WorkerProcess(StartProcess(workerClass, expected.Token));
            var first = await Task.WhenAny(expected.Arrived, process.Exited, Task.Delay(StartLimit));
            if (first == expected.Arrived)
            {
                var (data, control) = await expected.Arrived;
                return new WorkerHandle(process, data, control);
            }

            process.Kill();
            throw new WorkerStartException(first == process.Exited
                ? $"The worker ended before it was ready: {(await process.EndAsync()).Describe()}"
                : $"The worker was not ready within {StartLimit.TotalSeconds:0} s.");
        }
        finally
        {
            listener.Forget(expected);
        }
    }

    private Process StartProcess(WorkerClass workerClass, string token)
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
        start.ArgumentList.Add(MakeDataDirectory());
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_PROCESSOR_COUNT"] = workerClass.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        try
        {
            var process = Process.Start(start) ?? throw new WorkerStartException($"'{start.FileName}' did not start.");
            process.StandardInput.Write(token);
            process.StandardInput.Close();
            return process;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            throw new WorkerStartException($"The worker program '{start.FileName}' cannot be started: {e.Message}", e);
        }
    }

    private string MakeDataDirectory()
    {
        try
        {
            return Directory.CreateDirectory(dataDirectory).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkerStartException($"The host's data folder '{dataDirectory}' cannot be made: {e.Message} Start the host with {RuntimeStart.DataOption} and a folder that it may write to.", e);
        }
    }
}
