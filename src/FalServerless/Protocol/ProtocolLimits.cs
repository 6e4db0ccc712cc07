namespace FalServerless.Protocol;

/// <summary>The sizes that both sides keep to.</summary>
internal static class ProtocolLimits
{
    /// <summary>The most that the inputs of a call, its result or one uploaded file may take: 512 MiB.</summary>
    public const int MaximumBody = 512 << 20;
}
