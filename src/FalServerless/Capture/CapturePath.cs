namespace FalServerless.Capture;

/// <summary>The way to what cannot be sent, as the source would write it: <c>orders[3].Client</c>.</summary>
internal static class CapturePath
{
    public static string Join(string name, string path) => path.Length == 0 || path[0] == '[' ? name + path : $"{name}.{path}";

    /// <summary>The first name, and the way from there.</summary>
    public static (string Name, string Path) Split(string path)
    {
        var end = path.AsSpan().IndexOfAny('.', '[');
        return end < 0 ? (path, "") : (path[..end], path[(path[end] == '.' ? end + 1 : end)..]);
    }
}
