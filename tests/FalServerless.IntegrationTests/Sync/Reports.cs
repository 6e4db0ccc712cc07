namespace FalServerless.IntegrationTests.Sync;

/// <summary>Keeps what was reported, in order.</summary>
internal sealed class Reports(Action<SyncProgress>? seen = null) : IProgress<SyncProgress>
{
    private readonly List<SyncProgress> _all = [];

    public IReadOnlyList<SyncProgress> All
    {
        get
        {
            lock (_all)
            {
                return [.. _all];
            }
        }
    }

    public SyncProgress Last => All[^1];

    public void Report(SyncProgress value)
    {
        lock (_all)
        {
            _all.Add(value);
        }

        seen?.Invoke(value);
    }
}
