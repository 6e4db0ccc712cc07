using System.Collections;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>The comparer of a Hashtable, which shows it to its subclasses only.</summary>
internal static class HashtableComparer
{
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EqualityComparer")]
    public static extern IEqualityComparer? Of(Hashtable table);
}
