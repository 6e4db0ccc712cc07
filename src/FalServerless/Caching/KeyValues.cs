using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Caching;

/// <summary>Writes captured variables and inputs as parts of keys.</summary>
internal static class KeyValues
{
    // The bytes are only compared: names in them need not lead anywhere. A lazy sequence would run at each call.
    public static ValueSerializer Serializer { get; } =
        new(TypeNames.OfThisProcess, ValueLimits.Default with { WritesDelegates = true, IsOnlyCompared = true, RunsLazySequences = false });
}
