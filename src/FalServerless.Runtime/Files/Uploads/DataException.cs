namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Something in <c>/data</c> is not done, because of one path where it has one.</summary>
internal sealed class DataException(DataFault fault, string message, string? path = null, Exception? inner = null)
    : Exception(message, inner)
{
    public DataFault Fault => fault;

    public string? Path => path;
}
