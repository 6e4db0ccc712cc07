namespace FalServerless.Serialization.Values;

/// <summary>A cached function as what is sent of it: its code, with the variables that the code captures.</summary>
internal interface ICachedFunction
{
    Delegate Body { get; set; }
}
