namespace FalServerless.Wire;

/// <summary>The type code and the length of an extension; the data follow.</summary>
internal readonly record struct ExtensionHeader(sbyte TypeCode, uint Length)
{
    /// <summary>The type code that the specification gives to timestamps.</summary>
    public const sbyte Timestamp = -1;
}
