namespace FalServerless.Runtime.Detached;

/// <summary>
/// Room on the disk that is given up when the disk is full, so that what calls say and what became of them can still be written. It is
/// taken again when there is room.
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

    /// <summary>Gives up half of the room, for what calls say: the other half stays for what becomes of them.</summary>
    /// <returns>False when that half had been given up.</returns>
    public bool GiveUpHalf()
    {
        lock (_lock)
        {
            try
            {
                if (new FileInfo(_path) is not { Exists: true, Length: > Size / 2 })
                {
                    return false;
                }

                using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
                RandomAccess.SetLength(file, Size / 2);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Gives up all of the room.</summary>
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
