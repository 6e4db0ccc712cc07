namespace FalServerless.Wire;

/// <summary>The families of MessagePack formats.</summary>
internal enum MessagePackType : byte
{
    Unknown,
    Integer,
    Nil,
    Boolean,
    Float,
    String,
    Binary,
    Array,
    Map,
    Extension,
}
