using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Wire;

namespace FalServerless.Transport;

/// <summary>
/// Speaks with a host about its <c>/data</c>. Every member fails with <see cref="ConnectionBrokenException"/> when the connection breaks.
/// </summary>
internal sealed class DataClient(RuntimeClient client)
{
    private const int ReadSize = 64 << 10;

    public RuntimeClient Runtime => client;

    /// <summary>Says what a folder shall become.</summary>
    /// <exception cref="FalServerlessException">The host refuses it.</exception>
    public async Task<DataAnswer> PostManifestAsync(DataManifest manifest, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        DataManifestCodec.Write(body, manifest);
        using var content = new ReadOnlyMemoryContent(body.WrittenMemory);
        content.Headers.ContentType = new(Routes.MessageMediaType);
        using var response = await SendAsync(HttpMethod.Post, Routes.Data, content, null, cancellationToken).ConfigureAwait(false);
        return DataAnswerCodec.Read(new(await ReadAllAsync(response, cancellationToken).ConfigureAwait(false)));
    }

    /// <summary>Sends pieces of contents.</summary>
    /// <exception cref="FalServerlessException">The host refuses them.</exception>
    public async Task PostPiecesAsync(HttpContent pieces, CancellationToken cancellationToken)
    {
        pieces.Headers.ContentType = new(Routes.PiecesMediaType);
        using var response = await SendAsync(HttpMethod.Post, Routes.DataContents, pieces, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is in a folder, each folder before what is in it, and the path of <c>/data</c> that was meant.</summary>
    /// <exception cref="FalServerlessException">The host refuses it, or sends what is no listing.</exception>
    public async Task<(string Path, IReadOnlyList<DataEntry> Entries)> ListAsync(
        string path,
        bool isRecursive,
        CancellationToken cancellationToken
    )
    {
        using var response = await SendAsync(
                HttpMethod.Get,
                $"{Routes.DataEntries}?path={Uri.EscapeDataString(path)}&recursive={(isRecursive ? "true" : "false")}",
                null,
                null,
                cancellationToken
            )
            .ConfigureAwait(false);
        var meant = Uri.UnescapeDataString(response.Content.Headers.ContentLocation?.OriginalString ?? path);
        return (meant, Read(await ReadAllAsync(response, cancellationToken).ConfigureAwait(false)));
    }

    /// <summary>Opens a file's content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="from">From which byte on.</param>
    /// <param name="tag">What the file was when the bytes before came; null for a file from its beginning.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>With status 200 the whole file, with 206 the rest.</returns>
    /// <exception cref="FalServerlessException">The host refuses it.</exception>
    public Task<HttpResponseMessage> OpenAsync(string path, long from, EntityTagHeaderValue? tag, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Get,
            $"{Routes.DataFiles}?path={Uri.EscapeDataString(path)}",
            null,
            tag is null
                ? null
                : headers =>
                {
                    headers.Range = new(from, null);
                    headers.IfRange = new(tag);
                },
            cancellationToken
        );

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string address,
        HttpContent? content,
        Action<HttpRequestHeaders>? prepare,
        CancellationToken cancellationToken
    )
    {
        var response = await client.SendAsync(method, address, content, prepare, cancellationToken).ConfigureAwait(false);
        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.PartialContent
            ? response
            : throw client.Refused(await RuntimeClient.ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false));
    }

    private static async Task<byte[]> ReadAllAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[ReadSize];
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > ProtocolLimits.MaximumDataManifest)
                {
                    throw new ProtocolException($"The host sent more than {ProtocolLimits.MaximumDataManifest} bytes about its /data.");
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RuntimeClient.Broken(e);
        }

        return bytes.ToArray();
    }

    private static List<DataEntry> Read(byte[] bytes)
    {
        var entries = new List<DataEntry>();
        var reader = new MessagePackReader(bytes);
        while (!reader.End)
        {
            entries.Add(DataEntryCodec.Read(ref reader));
        }

        return entries;
    }
}
