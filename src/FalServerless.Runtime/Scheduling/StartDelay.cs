namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// How long to wait before a worker is started again that no call needs: at once after one has ended, and longer each time when they end
/// soon or do not start at all.
/// </summary>
internal sealed class StartDelay(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>A worker that lived for so long could be started, whatever became of it then.</summary>
    private static readonly TimeSpan Grown = TimeSpan.FromSeconds(10);

    private int _failures;
    private DateTimeOffset _notBefore;

    /// <summary>What is left of the wait.</summary>
    public TimeSpan Left => _notBefore - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    public void Succeeded() => _failures = 0;

    /// <summary>One did not start, or ended before anyone used it.</summary>
    public void Failed(TimeSpan lived = default)
    {
        _failures = lived >= Grown ? 1 : _failures + 1;
        if (_failures > 1)
        {
            // The exponent is bounded, so that the product is too.
            var wait = First * Math.Pow(2, Math.Min(_failures - 2, 10));
            _notBefore = time.GetUtcNow() + (wait < Longest ? wait : Longest);
        }
    }
}
