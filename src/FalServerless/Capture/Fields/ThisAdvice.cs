using FalServerless.Serialization.Values;

namespace FalServerless.Capture.Fields;

/// <summary>What to do about a field of <c>this</c> that cannot be sent.</summary>
internal static class ThisAdvice
{
    /// <summary>Why the field is sent at all, and what to do instead, as sentences.</summary>
    /// <param name="usage">How the code uses <c>this</c>; null where that is not known.</param>
    /// <param name="target">The delegate's target.</param>
    /// <param name="hasPackages">Whether the worker has packages of its own.</param>
    /// <param name="field">The field, by its name in the source.</param>
    /// <param name="suggestion">What the type of the field allows.</param>
    public static string Of(ThisUsage? usage, object? target, bool hasPackages, string field, string suggestion) =>
        usage?.PartOf(target, hasPackages) is { } part
            ? Names(part).Contains(field)
                ? $"{suggestion} {OfUsed($"this.{field}")}"
                : OfWhole("the call captures the same object in another way too")
            : OfWhole(usage?.Find(target, hasPackages)?.WholeBecause ?? "the code uses it as an object");

    /// <summary>Of a field that the code itself uses.</summary>
    public static string OfUsed(string name) =>
        $"Or copy what the code needs of '{name}' to a local variable before the lambda, and use that.";

    private static string OfWhole(string reason) =>
        $"All fields of 'this' are sent, as {reason}. Copy the fields that the code needs to local variables before the lambda, "
        + $"and use those.";

    private static IEnumerable<string> Names(PartialObject part) =>
        FieldNames
            .Of(ShapeBuilder.FieldsOf(part.Value.GetType()), part.Value.GetType())
            .Where(pair => part.Fields.Includes(pair.Field))
            .Select(pair => pair.Name);
}
