namespace FalServerless.Runtime.Keys;

/// <summary>What a key may do. The names, in small letters, are those of the command line.</summary>
internal enum KeyScope
{
    /// <summary>Call functions, and use <c>/data</c>.</summary>
    Invoke = 1,

    /// <summary>That, and see and change what belongs to others: workers, environments, calls.</summary>
    Admin = 2,
}
