namespace FalServerless.Serialization;

/// <summary>More was written than a buffer takes.</summary>
internal sealed class BufferLimitException(long limit) : Exception($"More than {limit} bytes were written.")
{
    public long Limit { get; } = limit;
}
