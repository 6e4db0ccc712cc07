namespace FalServerless.Serialization.Values;

/// <summary>
/// An exception and those inside it, up to a number and a depth. What is beyond is cut, and where it is, an omission says so in words;
/// a cut of the depth is followed by the innermost exception, the root cause.
/// </summary>
internal sealed class FailureTree
{
    /// <summary>How many exceptions a failure has at most.</summary>
    public const int MaximumExceptions = 1000;

    /// <summary>How deep they are nested at most.</summary>
    public const int MaximumDepth = 100;

    /// <summary>The name that an omission has in place of a type's.</summary>
    public const string OmissionName = "FalServerless.OmittedExceptions";

    // Fields that only reflection reaches can make a ring of exceptions.
    private const int LongestChain = 100_000;

    private FailureTree(Exception? exception, string message, IReadOnlyList<FailureTree> inner) =>
        (Exception, Message, Inner) = (exception, message, inner);

    /// <summary>Null for an omission.</summary>
    public Exception? Exception { get; }

    /// <summary>What an omission says.</summary>
    public string Message { get; }

    public IReadOnlyList<FailureTree> Inner { get; }

    public static FailureTree Of(Exception exception)
    {
        var left = MaximumExceptions - 1;
        return Of(exception, MaximumDepth, ref left);
    }

    private static FailureTree Of(Exception exception, int depthLeft, ref int left)
    {
        var all = InnerOf(exception);
        if (all.Count == 0)
        {
            return new(exception, "", []);
        }

        if (depthLeft == 0)
        {
            return new(exception, "", [Chain(all[0])]);
        }

        var inner = new List<FailureTree>();
        foreach (var one in all)
        {
            // The first is what the chain to the root cause leads through: the depth alone ends that.
            if (left <= 0 && inner.Count > 0)
            {
                break;
            }

            left--;
            inner.Add(Of(one, depthLeft - 1, ref left));
        }

        if (all.Count - inner.Count is > 0 and var omitted)
        {
            inner.Add(
                new(
                    null,
                    $"{omitted} further {(omitted == 1 ? "exception was" : "exceptions were")} left out: a failure has at most "
                        + $"{MaximumExceptions}.",
                    []
                )
            );
        }

        return new(exception, "", inner);
    }

    // What is between is left out, but for the end.
    private static FailureTree Chain(Exception first)
    {
        var (root, count) = (first, 0);
        while (count < LongestChain && InnerOf(root) is [var next, ..])
        {
            (root, count) = (next, count + 1);
        }

        return count == 0
            ? new(root, "", [])
            : new(
                null,
                $"{count} nested {(count == 1 ? "exception was" : "exceptions were")} left out here: a failure is at most "
                    + $"{MaximumDepth} deep. The innermost follows.",
                [new(root, "", [])]
            );
    }

    private static IReadOnlyList<Exception> InnerOf(Exception exception) =>
        exception switch
        {
            AggregateException aggregate => aggregate.InnerExceptions,
            { InnerException: { } inner } => [inner],
            _ => [],
        };
}
