using System.Reflection;
using FalServerless.Capture;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Calls;

/// <summary>How the values and failures of one function are written and read here.</summary>
internal sealed class FunctionCodecs
{
    public FunctionCodecs(FunctionCode code)
        : this(code.Types) { }

    private FunctionCodecs(TypeNames types)
    {
        // A lazy sequence would run the user's code here; it is refused, with what to do instead.
        Values = new(types, ValueLimits.Default with { RunsLazySequences = false, WritesDelegates = true });
        Failures = new(Values, types);
    }

    /// <summary>
    /// Those of a function that some other program has: what it gives back may name types of the result's own assemblies, of this program's
    /// and of the framework.
    /// </summary>
    public static Lazy<FunctionCodecs> OfThisProgram(Type result) =>
        new(() =>
        {
            var types = new TypeAssemblies();
            types.Add(result);
            var own = Assembly.GetEntryAssembly();
            return new(
                new TypeNames(
                    AssemblyClosure
                        .Of([.. types.Found, .. own is { IsDynamic: false, Location.Length: > 0 } ? [own] : Array.Empty<Assembly>()])
                        .Find
                )
            );
        });

    public ValueSerializer Values { get; }

    public FailureConverter Failures { get; }
}
