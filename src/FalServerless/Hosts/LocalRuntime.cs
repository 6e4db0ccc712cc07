using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Transport;

namespace FalServerless.Hosts;

/// <summary>
/// A runtime that this program started: its process, its private folder, and the client that reaches it. The process holds the read end of
/// a pipe whose write end only this program has, so it sees this program's end, and ends.
/// </summary>
internal sealed class LocalRuntime : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long the end of a runtime is waited for.</summary>
    public static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly string _directory;
    private readonly StringBuilder _errors;

    private LocalRuntime(Process process, string directory, StringBuilder errors, string key)
    {
        _process = process;
        _directory = directory;
        _errors = errors;
        Key = key;
        Client = RuntimeClient.OverSocket(Path.Combine(directory, RuntimeStart.SocketName), key, DescribeEnd, () => process.HasExited);
    }

    public RuntimeClient Client { get; }

    /// <summary>The folder that only this runtime uses.</summary>
    public string Directory => _directory;

    /// <summary>What every request to the runtime carries.</summary>
    public string Key { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <param name="settings">Environment variables of the runtime beyond those of this program.</param>
    /// <param name="program">The folder where the search for the user's NuGet.config begins.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="HostUnreachableException">The runtime's files are missing, or it did not start.</exception>
    public static async Task<LocalRuntime> StartAsync(
        IReadOnlyDictionary<string, string> settings,
        string program,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var programs = ProgramFolder.Find();
        var directory = PrivateFolder.Create();
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        var process = StartProcess(programs, directory, key, settings, program);
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        var runtime = new LocalRuntime(process, directory, errors, key);
        try
        {
            await runtime.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
            return runtime;
        }
        catch
        {
            runtime.Dispose();
            throw;
        }
    }

    /// <summary>Ends the runtime and its workers, and waits for it a few seconds at most.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(EndLimit))
            {
                _process.Kill();
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // It is gone already.
        }

        PrivateFolder.Delete(_directory);
        Client.Dispose();
    }

    private static Process StartProcess(
        string programs,
        string directory,
        string key,
        IReadOnlyDictionary<string, string> settings,
        string program
    )
    {
        var start = DotnetProgram.StartInfo(programs, ProgramFolder.Runtime);
        start.ArgumentList.Add(RuntimeStart.LocalCommand);
        start.ArgumentList.Add(RuntimeStart.DirectoryOption);
        start.ArgumentList.Add(directory);
        start.ArgumentList.Add(RuntimeStart.ConfigurationOption);
        start.ArgumentList.Add(program);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        try
        {
            var process =
                Process.Start(start)
                ?? throw new HostUnreachableException(
                    $"FalHost.Local could not start '{start.FileName}'.",
                    HostUnreachableCause.NotStarted
                );
            SendKey(process, key);
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            PrivateFolder.Delete(directory);
            throw new HostUnreachableException(StartFailure.Describe(start.FileName, e), HostUnreachableCause.NotStarted, e);
        }
    }

    private static void SendKey(Process process, string key)
    {
        try
        {
            process.StandardInput.Write(key + "\n");
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended already and wrote the reason to its standard error, which the waiting code reports.
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false) is { } line)
            {
                if (line == RuntimeStart.ReadyLine)
                {
                    return;
                }
            }

            await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HostUnreachableException(
                $"The runtime of FalHost.Local was not ready within {StartLimit.TotalSeconds:0} s. {DescribeEnd()}",
                HostUnreachableCause.NotStarted
            );
        }

        // The last of its output comes after its end.
        _process.WaitForExit();
        string output;
        lock (_errors)
        {
            output = _errors.ToString();
        }

        throw new HostUnreachableException(
            StartFailure.Describe(_process.ExitCode, output) ?? $"The runtime of FalHost.Local ended while it started. {DescribeEnd()}",
            HostUnreachableCause.NotStarted
        );
    }

    private string DescribeEnd()
    {
        // A connection breaks a moment before the process is seen to have ended.
        var ended = _process.WaitForExit(TimeSpan.FromSeconds(1));
        lock (_errors)
        {
            var words = _errors.ToString().Trim();
            return (
                    ended
                        ? $"The runtime (process {_process.Id}) ended with exit code {_process.ExitCode}; the next call starts a new one."
                        : $"The runtime (process {_process.Id}) is still running."
                ) + (words.Length == 0 ? "" : $" It said:\n{words}");
        }
    }
}
