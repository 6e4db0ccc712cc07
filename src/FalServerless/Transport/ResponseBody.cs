using System.Buffers;
using System.Net;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>
/// Reads the bodies of a host's answers. What they take here grows with what comes, never with the length that a header claims.
/// </summary>
internal static class ResponseBody
{
    /// <summary>Lists: of records with 256 requirements at most, as many as a host keeps.</summary>
    public const int MaximumList = 64 << 20;

    // A message, and the names of as much missing content as any function has.
    private const int MaximumRefusal = 4 << 20;

    private const int ReadSize = 4096;

    /// <summary>The whole body.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="what">What the host sent, for the error.</param>
    /// <param name="limit">How many bytes it may have.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ConnectionBrokenException">The connection broke before the end.</exception>
    /// <exception cref="ProtocolException">The body is longer.</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(
        HttpResponseMessage response,
        string what,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var bytes = new ArrayBufferWriter<byte>(ReadSize);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (await ReceiveAsync(stream, bytes.GetMemory(), cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            bytes.Advance(count);
            if (bytes.WrittenCount > limit)
            {
                throw new ProtocolException($"The host sent {what} of more than {limit} bytes.");
            }
        }

        return new(bytes.WrittenMemory);
    }

    /// <summary>Waits for some bytes of a body; 0 at its end.</summary>
    /// <exception cref="ConnectionBrokenException">The connection broke.</exception>
    public static async ValueTask<int> ReceiveAsync(Stream body, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RuntimeClient.Broken(e);
        }
    }

    /// <summary>Why the host refuses a request. The answer is disposed of.</summary>
    /// <exception cref="ConnectionBrokenException">The connection broke before the end.</exception>
    /// <exception cref="ProtocolException">It is no refusal.</exception>
    public static async ValueTask<Refusal> ReadRefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using (response)
        {
            return response.Content.Headers.ContentType?.MediaType == Routes.MessageMediaType
                ? RefusalCodec.Read(await ReadAsync(response, "a refusal", MaximumRefusal, cancellationToken).ConfigureAwait(false))
                : OfAnotherServer(response);
        }
    }

    private static Refusal OfAnotherServer(HttpResponseMessage response)
    {
        // A proxy before the host may ask for credentials of its own.
        var reason = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? RefusalReason.Credentials
            : RefusalReason.Host;
        var from = response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority);
        return new()
        {
            Reason = reason,
            Message =
                $"HTTP status {(int)response.StatusCode} ({response.ReasonPhrase}) came from {from}, without a word of a "
                + $"FalServerless host. Is it the address of one, and did a proxy before it answer in its place?",
        };
    }
}
