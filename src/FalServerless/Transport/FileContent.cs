using System.Net;
using System.Net.Http.Headers;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>A file as the body of a request. Each sending opens it again, as an earlier one may not have let go of it yet.</summary>
internal sealed class FileContent : HttpContent
{
    private const int CopyBuffer = 80 << 10;

    private readonly string _path;
    private readonly long _length;

    public FileContent(string path)
    {
        _path = path;

        // Of the file itself: a link has a length of its own.
        using var file = File.OpenHandle(path);
        _length = RandomAccess.GetLength(file);
        Headers.ContentType = new MediaTypeHeaderValue(Routes.MessageMediaType);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            await file.CopyToAsync(stream, CopyBuffer, cancellationToken).ConfigureAwait(false);
        }
    }
}
