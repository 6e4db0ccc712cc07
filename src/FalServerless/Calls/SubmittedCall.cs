using FalServerless.Transport;

namespace FalServerless.Calls;

/// <summary>A detached call that its host has persisted.</summary>
/// <param name="Client">Reaches the host.</param>
/// <param name="Id">The call.</param>
/// <param name="Codecs">Read its result.</param>
internal sealed record SubmittedCall(RuntimeClient Client, Guid Id, Lazy<FunctionCodecs> Codecs);
