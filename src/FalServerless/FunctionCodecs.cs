using FalServerless.Capture;
using FalServerless.Serialization;
using FalServerless.Serialization.Values;

namespace FalServerless;

/// <summary>How the values and failures of one function are written and read here.</summary>
internal sealed class FunctionCodecs
{
    public FunctionCodecs(FunctionCode code)
    {
        // A lazy sequence would run the user's code here; it is refused, with the way out.
        Values = new(code.Types, ValueLimits.Default with { RunsLazySequences = false, WritesDelegates = true });
        Failures = new(Values, code.Types);
    }

    public ValueSerializer Values { get; }

    public FailureConverter Failures { get; }
}
