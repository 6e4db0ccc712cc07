using FalServerless.Capture.Fields;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>Says what cannot travel, the path to it, and the way out.</summary>
internal static class CaptureWords
{
    /// <param name="what">What holds it: <c>captured variable 'client'</c>, <c>input 'orders'</c>.</param>
    /// <param name="name">Its name, the first part of the path.</param>
    /// <param name="inner">What was found.</param>
    public static CaptureException Of(string what, string name, CannotTravelException inner) => Of(what, name, inner.Path, inner);

    /// <summary>Of one of a call's inputs or captured variables.</summary>
    /// <param name="function">What is called.</param>
    /// <param name="values">The inputs, then the captured variables.</param>
    /// <param name="hasPackages">Whether the worker has packages of its own.</param>
    /// <param name="inner">What was found.</param>
    public static CaptureException OfArgument(CapturedFunction function, object?[] values, bool hasPackages, CannotTravelException inner)
    {
        var (what, name, path) = function.NameOf(inner.Index, inner.Path);
        var wayOut = name == "this" && path.Length > 0
            ? ThisAdvice.Of(function.This, values[inner.Index], hasPackages, CapturePath.Split(path).Name, Sentence(inner.WayOut))
            : WayOut(name, inner);
        return new($"The {Describe(what, name, path, inner, wayOut)}", CapturePath.Join(name, path), inner);
    }

    public static string OfResult(CannotTravelException inner) => $"The {Describe("result", "result", inner.Path, inner, Sentence(inner.WayOut))}";

    /// <summary>Of the code itself.</summary>
    public static CaptureException OfBody(CodeRefusal refusal) => new($"The body cannot travel: {refusal.Reason}. {refusal.WayOut}.");

    private static CaptureException Of(string what, string name, string path, CannotTravelException inner) =>
        new($"The {Describe(what, name, path, inner, WayOut(name, inner))}", CapturePath.Join(name, path), inner);

    // A field of this that an expression uses is a variable of its own.
    private static string WayOut(string name, CannotTravelException inner) =>
        name.StartsWith("this.", StringComparison.Ordinal) ? $"{Sentence(inner.WayOut)} {ThisAdvice.OfUsed(name)}" : Sentence(inner.WayOut);

    private static string Describe(string what, string name, string path, CannotTravelException inner, string wayOut)
    {
        var where = path.Length == 0 ? $" is of type '{inner.Type}', and cannot travel" : $" cannot travel: '{CapturePath.Join(name, path)}' is of type '{inner.Type}'";
        return $"{what}{where}: {inner.Reason.TrimEnd('.')}. {wayOut}";
    }

    private static string Sentence(string words) => words.Length == 0 ? "" : $"{char.ToUpperInvariant(words[0])}{words.AsSpan(1).TrimEnd('.')}.";
}
