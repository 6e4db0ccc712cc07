using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>Says what cannot travel, the path to it, and the way out.</summary>
internal static class CaptureWords
{
    /// <param name="what">What holds it: <c>captured variable 'client'</c>, <c>input 'orders'</c>.</param>
    /// <param name="name">Its name, the first part of the path.</param>
    /// <param name="inner">What was found.</param>
    public static CaptureException Of(string what, string name, CannotTravelException inner) =>
        new($"The {Describe(what, name, inner)}", Join(name, inner.Path), inner);

    /// <summary>Of one of a call's inputs or captured variables.</summary>
    public static CaptureException OfArgument(CapturedFunction function, CannotTravelException inner)
    {
        var (what, name) = function.NameOf(inner.Index);
        return Of(what, name, inner);
    }

    public static string OfResult(CannotTravelException inner) => $"The {Describe("result", "result", inner)}";

    private static string Describe(string what, string name, CannotTravelException inner)
    {
        var where = inner.Path.Length == 0 ? $" is of type '{inner.Type}', and cannot travel" : $" cannot travel: '{Join(name, inner.Path)}' is of type '{inner.Type}'";
        return $"{what}{where}: {inner.Reason.TrimEnd('.')}. {Sentence(inner.WayOut)}";
    }

    private static string Sentence(string words) => words.Length == 0 ? "" : $"{char.ToUpperInvariant(words[0])}{words.AsSpan(1).TrimEnd('.')}.";

    private static string Join(string name, string path) => path.Length == 0 || path[0] == '[' ? name + path : $"{name}.{path}";
}
