using System.Security.Cryptography;
using System.Text;
using FalServerless.Protocol;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Lets a request through only with the right key, compared in constant time.</summary>
internal sealed class KeyAuthentication(string key)
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes($"{Routes.KeyScheme} {key}");

    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        IsRight(context.Request.Headers.Authorization.ToString())
            ? next(context)
            : Refusals.WriteAsync(context, StatusCodes.Status401Unauthorized, RefusalReason.Credentials, "The key is missing or is not this host's key.");

    private bool IsRight(string header)
    {
        Span<byte> given = stackalloc byte[256];
        return Encoding.UTF8.TryGetBytes(header, given, out var length) && CryptographicOperations.FixedTimeEquals(given[..length], _expected);
    }
}
