namespace FalServerless.Protocol;

/// <summary>More was written than a buffer takes.</summary>
internal sealed class BufferLimitException(long limit) : Exception($"It takes more than the {limit} bytes that may be sent at once.")
{
    public long Limit { get; } = limit;
}
