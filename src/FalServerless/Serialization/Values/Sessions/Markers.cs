namespace FalServerless.Serialization.Values;

/// <summary>The bytes that open a typed value and a type as a value: nothing else begins with them.</summary>
internal static class Markers
{
    /// <summary>An array of three whose first item is the extension <see cref="ExtensionCodes.Typed"/>.</summary>
    public static ReadOnlySpan<byte> Typed => [MessagePackCode.MinFixArray | 3, MessagePackCode.FixExt1, (byte)ExtensionCodes.Typed, 0];

    /// <summary>An array of two whose first item is the extension <see cref="ExtensionCodes.Type"/>.</summary>
    public static ReadOnlySpan<byte> Type => [MessagePackCode.MinFixArray | 2, MessagePackCode.FixExt1, (byte)ExtensionCodes.Type, 0];

    /// <summary>An array of four whose first item is the extension <see cref="ExtensionCodes.Instance"/>.</summary>
    public static ReadOnlySpan<byte> Instance =>
        [MessagePackCode.MinFixArray | 4, MessagePackCode.FixExt1, (byte)ExtensionCodes.Instance, 0];
}
