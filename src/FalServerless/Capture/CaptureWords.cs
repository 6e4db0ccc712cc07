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
    public static CaptureException OfArgument(CapturedFunction function, CannotTravelException inner)
    {
        var (what, name, path) = function.NameOf(inner.Index, inner.Path);
        return Of(what, name, path, inner);
    }

    public static string OfResult(CannotTravelException inner) => $"The {Describe("result", "result", inner.Path, inner)}";

    /// <summary>Of the code itself.</summary>
    public static CaptureException OfBody(CodeRefusal refusal) => new($"The body cannot travel: {refusal.Reason}. {refusal.WayOut}.");

    private static CaptureException Of(string what, string name, string path, CannotTravelException inner) =>
        new($"The {Describe(what, name, path, inner)}", CapturePath.Join(name, path), inner);

    private static string Describe(string what, string name, string path, CannotTravelException inner)
    {
        var where = path.Length == 0 ? $" is of type '{inner.Type}', and cannot travel" : $" cannot travel: '{CapturePath.Join(name, path)}' is of type '{inner.Type}'";
        return $"{what}{where}: {inner.Reason.TrimEnd('.')}. {Sentence(inner.WayOut)}";
    }

    private static string Sentence(string words) => words.Length == 0 ? "" : $"{char.ToUpperInvariant(words[0])}{words.AsSpan(1).TrimEnd('.')}.";
}
