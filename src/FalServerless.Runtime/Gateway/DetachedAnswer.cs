using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>What a request for a detached call is answered.</summary>
/// <param name="Status">The HTTP status; zero while the answer is open.</param>
/// <param name="Refusal">Why the call is not accepted.</param>
internal readonly record struct DetachedAnswer(int Status, Refusal? Refusal = null)
{
    public bool IsOpen => Status == 0;
}
