namespace FalServerless.Capture.Fields;

/// <summary>The object gets to code that cannot be followed, which may use any of its fields.</summary>
/// <param name="reason">What the code does, as the end of a sentence that begins with its name.</param>
internal sealed class EscapeException(string reason) : Exception(reason);
