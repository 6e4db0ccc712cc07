using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Runtime;

namespace FalServerless.Worker.Calls;

/// <summary>
/// What a body can change of its process so that a later call would notice: the console, the working directory, the environment variables,
/// default cultures, the thread pool's limits, trace listeners, the garbage collector's mode and the thread's priority. It is put back
/// before a call that begins while no other runs.
/// </summary>
internal sealed class ProcessState
{
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly TextReader _input;
    private readonly string? _directory = Directory();
    private readonly TraceListener[] _listeners = [.. Trace.Listeners.Cast<TraceListener>()];
    private readonly (CultureInfo?, CultureInfo?) _cultures = (
        CultureInfo.DefaultThreadCurrentCulture,
        CultureInfo.DefaultThreadCurrentUICulture
    );
    private readonly GCLatencyMode _latency = GCSettings.LatencyMode;
    private readonly Hashtable _variables;
    private (int Workers, int Completions) _leastThreads;
    private (int Workers, int Completions) _mostThreads;

    public ProcessState()
    {
        // The token was all that it had. A reader that is there from the start can be distinguished from a body's.
        Console.SetIn(TextReader.Null);
        _input = Console.In;

        // .NET looks into the process's own block at each question until a variable is set for the first time.
        Environment.SetEnvironmentVariable("FAL_WORKER", "1");
        Environment.SetEnvironmentVariable("FAL_WORKER", null);
        _variables = (Hashtable)Environment.GetEnvironmentVariables();
        NoteThreads();
    }

    /// <summary>The limits of the thread pool are what they should be now.</summary>
    public void NoteThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        _leastThreads = (workers, completions);
        ThreadPool.GetMaxThreads(out workers, out completions);
        _mostThreads = (workers, completions);
    }

    /// <summary>
    /// Puts back what is not as it was. What cannot be put back, a working folder that is gone for instance, stays as it is.
    /// </summary>
    public void Restore()
    {
        RestoreConsole();
        if (_directory is not null && Directory() != _directory)
        {
            Try(() => Environment.CurrentDirectory = _directory);
        }

        RestoreVariables();
        if ((CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) != _cultures)
        {
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = _cultures;
        }

        RestoreThreads();
        if (Trace.Listeners.Count != _listeners.Length || !Trace.Listeners.Cast<TraceListener>().SequenceEqual(_listeners))
        {
            Trace.Listeners.Clear();
            Trace.Listeners.AddRange(_listeners);
        }

        if (GCSettings.LatencyMode != _latency)
        {
            Try(() => GCSettings.LatencyMode = _latency);
        }

        Environment.ExitCode = 0;
    }

    private static string? Directory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            // A body may have removed it.
            return null;
        }
    }

    private void RestoreConsole()
    {
        if (!ReferenceEquals(Console.Out, _output))
        {
            Console.SetOut(_output);
        }

        if (!ReferenceEquals(Console.Error, _error))
        {
            Console.SetError(_error);
        }

        if (!ReferenceEquals(Console.In, _input))
        {
            Console.SetIn(_input);
        }
    }

    private void RestoreVariables()
    {
        var now = (Hashtable)Environment.GetEnvironmentVariables();
        var isSame = now.Count == _variables.Count;
        foreach (DictionaryEntry variable in now)
        {
            if (!isSame)
            {
                break;
            }

            isSame =
                _variables[variable.Key] is string before && (ReferenceEquals(before, variable.Value) || before == (string?)variable.Value);
        }

        if (isSame)
        {
            return;
        }

        foreach (var name in now.Keys.Cast<string>().Where(name => !_variables.ContainsKey(name)))
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        foreach (DictionaryEntry variable in _variables)
        {
            if ((string?)now[variable.Key] != (string?)variable.Value)
            {
                Environment.SetEnvironmentVariable((string)variable.Key, (string?)variable.Value);
            }
        }
    }

    private void RestoreThreads()
    {
        if (Thread.CurrentThread.Priority != ThreadPriority.Normal)
        {
            Thread.CurrentThread.Priority = ThreadPriority.Normal;
        }

        ThreadPool.GetMinThreads(out var leastWorkers, out var leastCompletions);
        ThreadPool.GetMaxThreads(out var mostWorkers, out var mostCompletions);
        if ((leastWorkers, leastCompletions) == _leastThreads && (mostWorkers, mostCompletions) == _mostThreads)
        {
            return;
        }

        // Neither may pass the other on the way.
        ThreadPool.SetMinThreads(Math.Min(leastWorkers, _mostThreads.Workers), Math.Min(leastCompletions, _mostThreads.Completions));
        ThreadPool.SetMaxThreads(_mostThreads.Workers, _mostThreads.Completions);
        ThreadPool.SetMinThreads(_leastThreads.Workers, _leastThreads.Completions);
    }

    private static void Try(Action restore)
    {
        try
        {
            restore();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException) { }
    }
}
