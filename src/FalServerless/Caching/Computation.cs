namespace FalServerless.Caching;

/// <summary>
/// A result in the making. Which of them a flow of execution is in, and which of them wait for each other, tells when one would wait for
/// itself.
/// </summary>
internal abstract class Computation
{
    private const int LongestChain = 10_000;

    private static readonly AsyncLocal<Computation?> Flowing = new();
    private static readonly Lock Waiting = new();

    private Computation? _outer;
    private Computation? _waitsFor;

    /// <summary>What computes, as the source calls it.</summary>
    protected abstract string Name { get; }

    /// <summary>The current flow computes this from here on.</summary>
    protected void Begin()
    {
        if (Flowing.Value is { } outer)
        {
            lock (Waiting)
            {
                _outer = outer;
                outer._waitsFor = this;
            }
        }

        Flowing.Value = this;
    }

    /// <summary>
    /// The current flow continues with what it did before. What the computation has started in flows of its own still belongs to it.
    /// </summary>
    protected void Leave()
    {
        var outer = _outer;
        Flowing.Value = outer;
        if (outer is not null)
        {
            StopWaiting(outer, this);
        }
    }

    /// <summary>There is a result, or there will be none: waiting ends.</summary>
    protected void Settle() => _outer = null;

    /// <exception cref="InvalidOperationException">The current flow computes this.</exception>
    protected void EnsureNotWithin()
    {
        if (IsAround(Flowing.Value))
        {
            throw WaitsForItself();
        }
    }

    /// <summary>Waits until something is over that this computation does on another thread.</summary>
    /// <exception cref="InvalidOperationException">It waits, itself or through others, for the computation that the current flow is
    /// in.</exception>
    protected void WaitFor(ManualResetEventSlim end, CancellationToken cancellationToken)
    {
        if (Flowing.Value is not { } waiting)
        {
            end.Wait(cancellationToken);
            return;
        }

        lock (Waiting)
        {
            var next = this;
            for (var steps = 0; next is not null && steps < LongestChain; steps++, next = next._waitsFor)
            {
                if (next.IsAround(waiting))
                {
                    throw WaitsForItself();
                }
            }

            waiting._waitsFor = this;
        }

        try
        {
            end.Wait(cancellationToken);
        }
        finally
        {
            StopWaiting(waiting, this);
        }
    }

    private static void StopWaiting(Computation waiting, Computation awaited)
    {
        lock (Waiting)
        {
            if (waiting._waitsFor == awaited)
            {
                waiting._waitsFor = null;
            }
        }
    }

    private bool IsAround(Computation? inner)
    {
        for (; inner is not null; inner = inner._outer)
        {
            if (inner == this)
            {
                return true;
            }
        }

        return false;
    }

    private InvalidOperationException WaitsForItself() =>
        new(
            $"The cached function ({Name}) needs its own result, for the same captured values and inputs, while it computes it: it "
                + $"would wait for itself for ever. Break the circle, or give the inner call another input."
        );
}
