using FalServerless.Protocol;

namespace FalServerless.Sync;

/// <summary>A content that the host lacks, and a file that has it.</summary>
internal sealed class OutgoingContent(ContentHash hash, LocalEntry entry, int files)
{
    private long _counted;

    public ContentHash Hash => hash;

    public LocalEntry Entry => entry;

    /// <summary>How many files have it.</summary>
    public int Files => files;

    /// <summary>From which byte on the host lacks it.</summary>
    public long Received { get; set; }

    /// <summary>How many of the bytes up to one have not been counted before.</summary>
    public long Count(long upTo)
    {
        var news = Math.Max(0, upTo - _counted);
        _counted += news;
        return news;
    }
}
