using FalServerless.Protocol;

namespace FalServerless.Capture;

/// <summary>The code of a function, ready to travel, and where its data are read at each call.</summary>
internal sealed class CapturedFunction
{
    private readonly Lazy<FunctionCode> _code;

    public CapturedFunction(Func<FunctionCode> code, IReadOnlyList<(string Name, Type Type)> inputs, IReadOnlyList<CapturedVariable> captured, Type result)
    {
        _code = new(code);
        InputNames = [.. inputs.Select(input => input.Name)];
        Captured = captured;
        Types = [.. inputs.Select(input => input.Type), .. captured.Select(variable => variable.Type)];
        Result = result;
    }

    /// <summary>Reads and hashes the assemblies beside whatever comes next. What goes wrong is thrown by the call.</summary>
    public void Prepare() => Task.Run(() => Code).ContinueWith(static task => _ = task.Exception, TaskContinuationOptions.OnlyOnFaulted);

    /// <summary>What stands at a place among inputs and captured variables, in words and by its name.</summary>
    public (string What, string Name) NameOf(int index)
    {
        var name = index < InputNames.Count ? InputNames[index] : Captured[index - InputNames.Count].Name;
        return (index < InputNames.Count ? $"input '{name}'" : $"captured variable '{name}'", name);
    }

    public IReadOnlyList<string> InputNames { get; }

    public IReadOnlyList<CapturedVariable> Captured { get; }

    /// <summary>The declared types of the inputs, then of the captured variables.</summary>
    public Type[] Types { get; }

    /// <summary><see cref="void"/> for a body without a result.</summary>
    public Type Result { get; }

    /// <summary>Manifest and files. Reading the assemblies takes a while the first time.</summary>
    /// <exception cref="CaptureException">An assembly that the body needs is not on disk.</exception>
    public FunctionCode Code => _code.Value;
}
