namespace FalServerless.Serialization.Values;

/// <summary>Formatters of types of which no value travels, whatever their type argument.</summary>
internal interface IRefusedFormatter
{
    TravelRefusal TravelRefusal { get; }
}
