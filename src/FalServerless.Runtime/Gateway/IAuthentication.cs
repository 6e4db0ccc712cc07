using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Knows who makes a request.</summary>
internal interface IAuthentication
{
    /// <param name="context">The request.</param>
    /// <param name="rejection">Why it is refused.</param>
    /// <returns>Who makes it; null when it is not let in.</returns>
    Caller? Find(HttpContext context, out Rejection? rejection);
}
