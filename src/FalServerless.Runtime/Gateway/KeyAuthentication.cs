using System.Security.Cryptography;
using System.Text;
using FalServerless.Protocol;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Knows the one key of a host that a program started for itself, and compares with it in constant time.</summary>
internal sealed class KeyAuthentication(string key) : IAuthentication
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes($"{Routes.KeyScheme} {key}");

    public Caller? Find(HttpContext context, out Rejection? rejection)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        rejection = IsRight(authorization) ? null : authorization.Length == 0 ? Rejection.OfMissing : Rejection.OfWrong;
        return rejection is null ? Caller.Local : null;
    }

    private bool IsRight(string authorization)
    {
        Span<byte> given = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(authorization, given, out var length) && CryptographicOperations.FixedTimeEquals(given[..length], _expected);
    }
}
