namespace FalServerless.Serialization.Values;

/// <summary>Formatters of types of which no value is sent, whatever their type argument.</summary>
internal interface IRefusedFormatter
{
    SendRefusal Refusal { get; }
}
