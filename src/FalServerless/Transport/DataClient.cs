using System.Buffers;
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
    public RuntimeClient Runtime => client;

    /// <summary>Says what a folder shall become.</summary>
    /// <exception cref="FalServerlessException">The host refuses it.</exception>
    public async Task<DataAnswer> PostManifestAsync(DataManifest manifest, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        DataManifestCodec.Write(body, manifest);
        using var content = new MessageContent(body.WrittenMemory);
        using var response = await client
            .RequestAsync(HttpMethod.Post, Routes.Data, content, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return DataAnswerCodec.Read(await ReadAsync(response, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Sends pieces of contents.</summary>
    /// <exception cref="FalServerlessException">The host refuses them.</exception>
    public async Task PostPiecesAsync(HttpContent pieces, CancellationToken cancellationToken)
    {
        pieces.Headers.ContentType = new(Routes.PiecesMediaType);
        using var response = await client
            .RequestAsync(HttpMethod.Post, Routes.DataContents, pieces, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>What is in a folder, each folder before what is in it, and the path of <c>/data</c> that was meant.</summary>
    /// <exception cref="FalServerlessException">The host refuses it, or sends what is no listing.</exception>
    public async Task<(string Path, IReadOnlyList<DataEntry> Entries)> ListAsync(
        string path,
        bool isRecursive,
        CancellationToken cancellationToken
    )
    {
        var route = $"{Routes.DataEntries}?path={Uri.EscapeDataString(path)}&recursive={(isRecursive ? "true" : "false")}";
        using var response = await client.RequestAsync(HttpMethod.Get, route, cancellationToken: cancellationToken).ConfigureAwait(false);
        var meant = Uri.UnescapeDataString(response.Content.Headers.ContentLocation?.OriginalString ?? path);
        return (meant, Read(await ReadAsync(response, cancellationToken).ConfigureAwait(false)));
    }

    /// <summary>Opens a file's content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="from">From which byte on.</param>
    /// <param name="tag">What the file was when the bytes before came; null for a file from its beginning.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>With status 200 the whole file, with 206 the rest.</returns>
    /// <exception cref="FalServerlessException">The host refuses it.</exception>
    public ValueTask<HttpResponseMessage> OpenAsync(
        string path,
        long from,
        EntityTagHeaderValue? tag,
        CancellationToken cancellationToken
    ) =>
        client.RequestAsync(
            HttpMethod.Get,
            $"{Routes.DataFiles}?path={Uri.EscapeDataString(path)}",
            prepare: tag is null
                ? null
                : headers =>
                {
                    headers.Range = new(from, null);
                    headers.IfRange = new(tag);
                },
            cancellationToken: cancellationToken
        );

    private static ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        ResponseBody.ReadAsync(response, "an answer about its /data", ProtocolLimits.MaximumDataManifest, cancellationToken);

    private static List<DataEntry> Read(in ReadOnlySequence<byte> bytes)
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
