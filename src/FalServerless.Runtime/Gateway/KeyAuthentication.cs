using System.Security.Cryptography;
using System.Text;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Gateway;

/// <summary>Knows the right key, and compares with it in constant time.</summary>
internal sealed class KeyAuthentication(string key)
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes($"{Routes.KeyScheme} {key}");

    public bool IsRight(string authorization)
    {
        Span<byte> given = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(authorization, given, out var length) && CryptographicOperations.FixedTimeEquals(given[..length], _expected);
    }
}
