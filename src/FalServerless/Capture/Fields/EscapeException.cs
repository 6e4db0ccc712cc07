namespace FalServerless.Capture.Fields;

/// <summary>The object gets to code that cannot be followed, which may use any of its fields.</summary>
/// <param name="reason">How, as the end of a sentence.</param>
internal sealed class EscapeException(string reason) : Exception(reason);
