using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>Says what cannot travel, the path to it, and the way out.</summary>
internal static class CaptureWords
{
    /// <param name="what">What holds it: <c>captured variable 'client'</c>, <c>input 2</c>.</param>
    /// <param name="name">Its name, the first part of the path.</param>
    public static CaptureException Of(string what, string name, CannotTravelException inner) =>
        new($"The {Describe(what, name, inner)}", Join(name, inner.Path), inner);

    public static string OfResult(CannotTravelException inner) => $"The {Describe("result", "result", inner)}";

    /// <summary>Of one of a call's inputs or captured variables; the path starts with its place among them.</summary>
    public static CaptureException OfArgument(CapturedFunction function, CannotTravelException inner)
    {
        var end = inner.Path.IndexOf(']');
        if (end < 0 || !int.TryParse(inner.Path.AsSpan(1, end - 1), out var index) || (uint)index >= (uint)function.Types.Length)
        {
            return new CaptureException($"The inputs cannot travel: {inner.Reason.TrimEnd('.')}. {inner.WayOut.TrimEnd('.')}.", inner.Path, inner);
        }

        var (what, name) = function.NameOf(index);
        return Of(what, name, inner.Below(inner.Path[(end + 1)..].TrimStart('.')));
    }

    public static CaptureException OfBody(CannotTravelException inner) =>
        new($"The body cannot travel: {inner.Reason.TrimEnd('.')}. {inner.WayOut.TrimEnd('.')}.", null, inner);

    private static string Describe(string what, string name, CannotTravelException inner)
    {
        var where = inner.Path.Length == 0 ? "" : $", at {Join(name, inner.Path)}";
        return $"{what} cannot travel{where}: {inner.Reason.TrimEnd('.')}. {inner.WayOut.TrimEnd('.')}.";
    }

    private static string Join(string name, string path) => path.Length == 0 || path[0] == '[' ? name + path : $"{name}.{path}";
}
