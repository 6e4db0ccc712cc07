namespace FalServerless.Runtime.Detached;

/// <summary>
/// Room on the disk that is given up when the disk is full, so that what became of calls can still be written. It is taken again when there is room.
/// </summary>
internal sealed class DiskReserve(string directory)
{
    // The outcome of a call takes a few pages of the store, and an error a few more.
    private const int Size = 1 << 20;

    private readonly string _path = Path.Combine(directory, "reserve");
    private readonly Lock _lock = new();

    /// <summary>Takes the room, where there is so much.</summary>
    public void Take()
    {
        lock (_lock)
        {
            if (new FileInfo(_path) is { Exists: true, Length: Size })
            {
                return;
            }

            try
            {
                // Not zeros, which some file systems do not store.
                var bytes = new byte[Size];
                Random.Shared.NextBytes(bytes);
                File.WriteAllBytes(_path, bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Remove();
            }
        }
    }

    /// <returns>False when there was nothing to give up.</returns>
    public bool GiveUp()
    {
        lock (_lock)
        {
            return File.Exists(_path) && Remove();
        }
    }

    private bool Remove()
    {
        try
        {
            File.Delete(_path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
