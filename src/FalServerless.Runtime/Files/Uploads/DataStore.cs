namespace FalServerless.Runtime.Files.Uploads;

/// <summary>All that a host does with <c>/data</c> itself.</summary>
internal sealed class DataStore : IDisposable
{
    private readonly ContentInbox _inbox;
    private readonly TimeProvider _time;

    public DataStore(DataFolders folders, TimeProvider time)
    {
        _time = time;
        _inbox = new ContentInbox(Path.Combine(folders.Uploads, "contents"));
        var tree = new DataTree(folders.Files);
        Files = new DataFiles(tree);
        Uploads = new FolderUploads(folders, tree, _inbox, time);
    }

    public DataFiles Files { get; }

    public FolderUploads Uploads { get; }

    public ContentIntake TakeContents() => new(_inbox, _time);

    public void Dispose()
    {
        Uploads.Dispose();
        _inbox.Dispose();
    }
}
