using Microsoft.Data.Sqlite;

namespace FalServerless.Runtime.Keys;

/// <summary>Writes down when keys were used: once a minute at most, away from the requests.</summary>
internal sealed class KeyUses : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Keyring _keyring;
    private readonly KeyStore _store;
    private readonly ITimer _timer;

    /// <param name="keyring">Knows the uses.</param>
    /// <param name="store">Another connection than the keyring's.</param>
    /// <param name="time">The clock.</param>
    public KeyUses(Keyring keyring, KeyStore store, TimeProvider time)
    {
        (_keyring, _store) = (keyring, store);
        _timer = time.CreateTimer(_ => Write(), null, Interval, Interval);
    }

    public void Dispose()
    {
        _timer.Dispose();
        Write();
    }

    private void Write()
    {
        try
        {
            if (_keyring.TakeUses() is { Count: > 0 } uses)
            {
                _store.Touch(uses);
            }
        }
        catch (SqliteException)
        {
            // A full disk, or somebody who holds the file for long; no call needs to know.
        }
    }
}
