namespace FalServerless.Serialization.Methods;

/// <summary>What a delegate consists of.</summary>
internal static class DelegateParts
{
    /// <summary>
    /// Whether the delegate holds the object that its method is called on, or the first argument of a static method; either may be null.
    /// </summary>
    public static bool IsClosed(Delegate part) =>
        part.Target is not null
        || part.Method.IsStatic && part.Method.GetParameters().Length > part.GetType().GetMethod("Invoke")!.GetParameters().Length;
}
