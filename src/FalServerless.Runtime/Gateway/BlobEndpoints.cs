using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Functions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FalServerless.Runtime.Gateway;

/// <summary>Stores content under its hash.</summary>
internal sealed class BlobEndpoints(BlobStore blobs)
{
    public async Task PutAsync(HttpContext context, string name)
    {
        if (!ContentHash.TryParse(name, out var hash))
        {
            await Refusals.WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                RefusalReason.Protocol,
                "Content is put under its SHA-256 in hexadecimal."
            );
            return;
        }

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = ProtocolLimits.MaximumBody;
        try
        {
            await blobs.AddAsync(hash, context.Request.BodyReader, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (ProtocolException e)
        {
            await Refusals.WriteAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Protocol, e.Message);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            await Refusals.WriteAsync(
                context,
                StatusCodes.Status507InsufficientStorage,
                RefusalReason.Host,
                $"The host could not keep the content {hash}: {e.Message}"
            );
        }
    }
}
