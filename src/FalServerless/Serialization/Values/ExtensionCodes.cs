namespace FalServerless.Serialization.Values;

/// <summary>
/// The application extension codes of values on the wire. They are part of the protocol: append, never reorder or reuse.
/// Timestamps (-1) are the specification's.
/// </summary>
/// <remarks>
/// A slot (a field, an item, an argument) holds nil, a reference, a typed value, or just the body of its declared type:
/// <list type="bullet">
/// <item>typed: the array <c>[ext 0 (one zero byte), type, body]</c>, only where the runtime type is not the one that the slot
/// expects;</item>
/// <item>a <see cref="Type"/> as a value: the array <c>[ext 1 (one zero byte), type]</c>, the type as the type writer writes it;</item>
/// <item>reference: <see cref="Reference"/>, whose data are the byte position (from the start of the message) of the slot
/// that holds the object for the first time. So a message in which nothing repeats carries nothing for references.</item>
/// </list>
/// </remarks>
internal static class ExtensionCodes
{
    /// <summary>Opens a typed value.</summary>
    public const sbyte Typed = 0;

    /// <summary>Opens a type that is a value.</summary>
    public const sbyte Type = 1;

    /// <summary>An object that came before: its position as a big-endian number of 1, 2, 4 or 8 bytes.</summary>
    public const sbyte Reference = 2;

    /// <summary>A string that is not valid UTF-16 (a lone surrogate) and so has no UTF-8: its code units, little-endian.</summary>
    public const sbyte Utf16 = 3;

    /// <summary>
    /// A DateTime that is not UTC, 8 bytes big-endian: the ticks of one without a kind, or what <see cref="System.DateTime.ToBinary"/>
    /// makes of a local one.
    /// </summary>
    public const sbyte DateTime = 4;

    /// <summary>A Half whose bits do not survive the way through a 32-bit float (a signalling NaN): its 2 bytes, big-endian.</summary>
    public const sbyte Half = 5;

    /// <summary>
    /// Opens an object that a static readonly field holds: the array <c>[ext 6 (one zero byte), declaring type, field name, body or
    /// nil]</c> in the place of its body. A gate has nil there always.
    /// </summary>
    public const sbyte Instance = 6;
}
