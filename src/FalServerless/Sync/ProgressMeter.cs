namespace FalServerless.Sync;

/// <summary>
/// Counts what an upload or a download has done, and describes it at most ten times a second, with the first bytes, and at the end. Safe
/// for many threads.
/// </summary>
internal sealed class ProgressMeter(IProgress<SyncProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long _filesDone;
    private long _filesTotal;
    private long _bytesDone;
    private long _bytesTotal;
    private long _bytesSent;
    private long _firstSent;
    private long _lastReport;

    /// <summary>Begins again with so much to do; what was sent before still counts as sent.</summary>
    public void Begin(long files, long bytes)
    {
        lock (_lock)
        {
            (_filesTotal, _bytesTotal) = (files, bytes);
            ReportIfDue();
        }
    }

    public void AddDone(long files, long bytes)
    {
        lock (_lock)
        {
            _filesDone += files;
            _bytesDone += bytes;
            ReportIfDue();
        }
    }

    /// <summary>Bytes crossed the connection, of which so many had not before.</summary>
    public void AddSent(long bytes, long news)
    {
        lock (_lock)
        {
            _bytesSent += bytes;
            _bytesDone += news;
            if (_firstSent == 0)
            {
                _firstSent = time.GetTimestamp();
                Report();
                return;
            }

            ReportIfDue();
        }
    }

    /// <summary>All is done, whatever was counted on the way.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            (_filesDone, _bytesDone) = (_filesTotal, _bytesTotal);
            Report();
        }
    }

    private void ReportIfDue()
    {
        if (progress is not null && (_lastReport == 0 || time.GetElapsedTime(_lastReport) >= Interval))
        {
            Report();
        }
    }

    private void Report()
    {
        _lastReport = time.GetTimestamp();
        var seconds = _firstSent == 0 ? 0 : time.GetElapsedTime(_firstSent).TotalSeconds;
        progress?.Report(
            new(
                Math.Min(_filesDone, _filesTotal),
                _filesTotal,
                Math.Min(_bytesDone, _bytesTotal),
                _bytesTotal,
                _bytesSent,
                seconds > 0 ? _bytesSent / seconds : 0
            )
        );
    }
}
