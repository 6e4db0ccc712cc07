using FalServerless.Serialization.Results;

namespace FalServerless.Worker.Functions;

/// <summary>A body that is ready to run.</summary>
/// <param name="Body">Takes the inputs, then the captured variables; returns null for a body without a result.</param>
/// <param name="Inputs">The types of both, in that order.</param>
/// <param name="Result">The declared type of the result; <see cref="void"/> for none.</param>
/// <param name="Program">The program that the function belongs to.</param>
internal sealed record CompiledFunction(Func<object?[], object?> Body, Type[] Inputs, Type Result, UserProgram Program)
{
    public ResultShape Shape { get; } = ResultShape.Of(Result);
}
