namespace FalServerless.Protocol;

/// <summary>How a body is written down.</summary>
internal enum BodyKind
{
    Expression = 1,
}
