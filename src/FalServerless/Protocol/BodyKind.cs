namespace FalServerless.Protocol;

/// <summary>How a body is written down.</summary>
internal enum BodyKind
{
    Expression = 1,

    /// <summary>A method of one of the function's assemblies, by module and token.</summary>
    Delegate = 2,
}
