using System.Diagnostics;

namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// A program of the machine that does one thing for the host and ends. One that is left before its end is killed with all that it started.
/// </summary>
internal sealed class HelperProcess : IDisposable
{
    private readonly string _name;
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <exception cref="IOException">It cannot be started.</exception>
    public HelperProcess(ProcessStartInfo start)
    {
        _name = Path.GetFileName(start.FileName);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"'{start.FileName}' cannot be started: {e.Message}", e);
        }

        _errors = _process.StandardError.ReadToEndAsync();
    }

    public ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        _process.StandardOutput.ReadLineAsync(cancellationToken);

    /// <summary>Closes its input and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>What went wrong, in its own words.</summary>
    public async Task<IOException> FailureAsync(CancellationToken cancellationToken)
    {
        var exitCode = await EndAsync(cancellationToken);
        return new($"'{_name}' ended with exit code {exitCode}: {(await _errors.WaitAsync(cancellationToken)).Trim()}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
