using FalServerless.Runtime.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FalServerless.Runtime.Gateway;

/// <summary>Who made a request, once its key was found right.</summary>
/// <param name="KeyId">The key's id; what is made with a key belongs to it.</param>
/// <param name="IsAdmin">Whether it may see and change what belongs to others.</param>
internal sealed record Caller(string KeyId, bool IsAdmin)
{
    /// <summary>The only caller of a host that a program started for itself.</summary>
    public static Caller Local { get; } = new("local", IsAdmin: true);

    /// <summary>All that is known of the key; null for that of a host that a program started for itself.</summary>
    public HostKey? Key { get; init; }

    /// <summary>Who made the request that the gateway has let in.</summary>
    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    /// <summary>Whether it may see and change what belongs to the key.</summary>
    public bool Owns(string keyId) => IsAdmin || keyId == KeyId;
}
