using FalServerless.Capture.Fields;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture;

/// <summary>The code of a function, ready to be sent, and where its data are read at each call.</summary>
internal sealed class CapturedFunction
{
    private readonly Lazy<FunctionCode> _code;

    public CapturedFunction(
        Func<FunctionCode> code,
        IReadOnlyList<(string Name, Type Type)> inputs,
        IReadOnlyList<CapturedVariable> captured,
        Type result,
        ClosureFieldUsage use
    )
    {
        _code = new(code);
        InputNames = [.. inputs.Select(input => input.Name)];
        Captured = captured;
        Types = [.. inputs.Select(input => input.Type), .. captured.Select(variable => variable.Type)];
        Result = result;
        Use = use;
    }

    /// <summary>Reads and hashes the assemblies beside whatever comes next. Errors are thrown by the call.</summary>
    public void Prepare() => Task.Run(() => Code).ContinueWith(static task => _ = task.Exception, TaskContinuationOptions.OnlyOnFaulted);

    /// <summary>What is at a position among inputs and captured variables, in words and by its name, and the path from there.</summary>
    /// <param name="index">The place.</param>
    /// <param name="path">The path from what is there; in a closure it begins with the variable.</param>
    public (string What, string Name, string Path) NameOf(int index, string path)
    {
        if (index < InputNames.Count)
        {
            return ($"input '{InputNames[index]}'", InputNames[index], path);
        }

        var variable = Captured[index - InputNames.Count];
        var (name, rest) = variable.IsClosure ? CapturePath.Split(path) : (variable.Name, path);
        return ($"captured variable '{name}'", name, rest);
    }

    public IReadOnlyList<string> InputNames { get; }

    public IReadOnlyList<CapturedVariable> Captured { get; }

    /// <summary>The declared types of the inputs, then of the captured variables.</summary>
    public Type[] Types { get; }

    /// <summary>As the body declares it: a task stays one; <see cref="void"/> for a body without a result.</summary>
    public Type Result { get; }

    /// <summary>What the body uses of the closures that it captures.</summary>
    public ClosureFieldUsage Use { get; }

    /// <summary>How the body uses the <c>this</c> that it captures with its only variable; null where all fields of it are sent.</summary>
    public ThisUsage? This { get; init; }

    /// <summary>Manifest and files. Reading the assemblies takes a while the first time.</summary>
    /// <exception cref="CaptureException">An assembly that the body needs is not on disk, or is no longer the code that runs
    /// here.</exception>
    public FunctionCode Code
    {
        get
        {
            var code = _code.Value;
            code.ThrowIfReloaded();
            return code;
        }
    }
}
