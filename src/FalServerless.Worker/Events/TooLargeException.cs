namespace FalServerless.Worker.Events;

/// <summary>A value takes more bytes than may travel.</summary>
internal sealed class TooLargeException(long limit) : Exception($"It takes more than the {limit} bytes that may travel at once.");
