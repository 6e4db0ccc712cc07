namespace FalServerless.Serialization.Values;

/// <summary>
/// The exceptions that this thread is inside of: each is a message of its own, so nothing else would end one that holds itself.
/// </summary>
internal static class OpenExceptions
{
    private const int MaximumDepth = 8;
    private const int MaximumCount = 1000;

    [ThreadStatic]
    private static List<Exception?>? _open;

    [ThreadStatic]
    private static int _entered;

    /// <summary>Until it is disposed of.</summary>
    /// <param name="exception">The one that is written; null for one that is read.</param>
    /// <exception cref="NotSendableException">It is written already, or nested too deep.</exception>
    public static Opened Enter(Exception? exception)
    {
        var open = _open ??= [];
        if (exception is not null && open.Exists(one => ReferenceEquals(one, exception)))
        {
            throw new NotSendableException(
                exception.GetType(),
                "it contains itself",
                "Keep what its own data refer to outside of the exception"
            );
        }

        // The count bounds what shared ones cost: each is written wherever it is held.
        _entered = open.Count == 0 ? 0 : _entered + 1;
        if (open.Count >= MaximumDepth || _entered > MaximumCount)
        {
            var reason = $"more than {MaximumDepth} levels or {MaximumCount} in all of exceptions are held by another one's data";
            throw exception is null
                ? new ProtocolException($"The message is refused: {reason}.")
                : new NotSendableException(exception.GetType(), reason, "Nest them as inner exceptions");
        }

        open.Add(exception);
        return new(open);
    }

    public readonly struct Opened(List<Exception?> open) : IDisposable
    {
        public void Dispose() => open.RemoveAt(open.Count - 1);
    }
}
