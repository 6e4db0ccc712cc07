using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Knows the one key of a host that a program started for itself, and compares with it in constant time.</summary>
internal sealed class KeyAuthentication(string key) : IAuthentication
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes(key);

    public Caller? Find(HttpContext context, out Rejection? rejection)
    {
        rejection =
            KeyHeader.Read(context.Request.Headers.Authorization.ToString(), out var given) ?? (IsRight(given) ? null : Rejection.OfWrong);
        return rejection is null ? Caller.Local : null;
    }

    private bool IsRight(ReadOnlySpan<char> key)
    {
        Span<byte> given = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(key, given, out var length) && CryptographicOperations.FixedTimeEquals(given[..length], _expected);
    }
}
