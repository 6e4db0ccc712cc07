using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FalServerless.Serialization.Expressions;

/// <summary>The defaults of structs, whatever they are: what a compiler puts in the place of an optional argument.</summary>
internal static class DefaultValues
{
    /// <summary>Whether a boxed struct holds nothing but zeros. Its own <c>Equals</c> is user code.</summary>
    public static bool Is(ValueType value)
    {
        var size = RuntimeHelpers.SizeOf(value.GetType().TypeHandle);
        return !MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Box>(value).First, size).ContainsAnyExcept((byte)0);
    }

    /// <summary>The default of a type, made without its code; null for one that has null.</summary>
    public static object? Of(Type type) => Array.CreateInstance(type, 1).GetValue(0);

    // Laid out as every boxed struct is: the fields behind the header.
    private sealed class Box
    {
        public byte First = 0;
    }
}
