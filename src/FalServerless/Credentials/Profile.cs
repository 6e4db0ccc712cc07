using FalServerless.Internal;

namespace FalServerless.Credentials;

/// <summary>The host of a user, and the key for it and no other.</summary>
internal sealed record Profile(HostAddress Host, CloudKeyCredentials Credentials);
