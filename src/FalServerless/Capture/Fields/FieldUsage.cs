using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture.Fields;

/// <summary>Which fields of an object some code uses.</summary>
/// <param name="Fields">These; null for all.</param>
/// <param name="WholeBecause">Why it may be any of them, as the end of a sentence; null where <paramref name="Fields"/> are known.</param>
internal sealed record FieldUsage(FieldSet? Fields, string? WholeBecause)
{
    /// <summary>
    /// An assembly whose code was followed besides that of the delegate's method; null for none. Of the latter alone a worker insists on
    /// the build that is here.
    /// </summary>
    public string? OtherAssembly { get; init; }

    private static readonly ConditionalWeakTable<Type, ConcurrentDictionary<(MethodInfo Method, Taint Target), FieldUsage>> Known = [];

    public static FieldUsage Whole(string reason) => new(null, reason);

    /// <summary>Read from the code once for each class.</summary>
    /// <param name="type">The class of the object.</param>
    /// <param name="method">The code.</param>
    /// <param name="target">What the code's first argument is: the object, or a closure that holds it.</param>
    public static FieldUsage Of(Type type, MethodInfo method, Taint target) =>
        Known.GetOrCreateValue(type).GetOrAdd((method, target), static (key, type) => FieldScan.Run(type, key.Method, key.Target), type);
}
