using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using FalServerless.Protocol;
using FalServerless.Runtime.Keys;
using FalServerless.Runtime.Observability;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// Finds the key of a request among those of the host. An unknown id costs the same as a wrong secret. A client that sends many wrong keys
/// is refused for a while, by address; a key that was right from there just before is checked all the same, so that one program's wrong key
/// does not stop those beside it.
/// </summary>
internal sealed class KeyringAuthentication(Keyring keyring, TimeProvider time, ILogger log) : IAuthentication
{
    private const int FreeAttempts = 10;
    private const int LongestId = 64;
    private const int LongestSecret = 256;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // What the secret of an unknown id is compared with.
    private static readonly ContentHash Nothing = ContentHash.Of(RandomNumberGenerator.GetBytes(ContentHash.Size));

    private readonly FailedAttempts<IPAddress> _byAddress = new(FreeAttempts, Window, time);
    private readonly FailedAttempts<string> _byKey = new(FreeAttempts, Window, time);

    public Caller? Find(HttpContext context, out Rejection? rejection)
    {
        rejection = KeyHeader.Read(context.Request.Headers.Authorization.ToString(), out var id, out var secret);
        if (rejection is not null)
        {
            return null;
        }

        var address = context.Connection.RemoteIpAddress;
        var found = id.Length <= LongestId && secret.Length <= LongestSecret ? keyring.Find(id) : null;
        if (
            !_byAddress.IsEmpty
            && _byAddress.Wait(Network(address)) is { } wait
            && (found?.LastAddress is null || !found.LastAddress.Equals(address))
        )
        {
            rejection = Rejection.OfAttempts(wait);
            return null;
        }

        if (!IsRight(secret, found?.Key.SecretHash) || found is null)
        {
            rejection = Fail(found?.Key.Id, address);
            return null;
        }

        var now = time.GetUtcNow();
        var key = found.Key;
        rejection =
            key.Revoked is { } revoked ? Rejection.OfRevoked(key.Id, revoked)
            : key.Expires is { } expires && expires <= now ? Rejection.OfExpired(key.Id, expires)
            : null;
        if (rejection is not null)
        {
            return null;
        }

        found.Note(address, now);
        return new(key.Id, key.IsAdmin) { Key = key };
    }

    private static bool IsRight(ReadOnlySpan<char> secret, ContentHash? expected)
    {
        var given = NewKey.HashOf(secret);
        var right = expected ?? Nothing;
        return CryptographicOperations.FixedTimeEquals(given.Bytes, right.Bytes);
    }

    // A client with one IPv6 address usually has the whole 64 bits of it.
    private static IPAddress Network(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new(bytes);
    }

    private Rejection Fail(string? keyId, IPAddress? address)
    {
        var network = Network(address);
        var tooMany = keyId is not null ? _byKey.Wait(keyId) : null;
        if (_byAddress.Note(network))
        {
            Log.TooManyFromAddress(log, network.ToString());
        }

        if (keyId is not null && _byKey.Note(keyId))
        {
            Log.TooManyForKey(log, keyId, network.ToString());
        }

        return tooMany is { } wait ? Rejection.OfAttempts(wait) : Rejection.OfWrong;
    }
}
