using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using FalServerless.Internal;
using FalServerless.Transport;

namespace FalServerless.Sync;

/// <summary>Fetches one file beside its place, and resumes where it stopped when the connection breaks.</summary>
internal sealed class FileDownload(DataClient client, RemoteEntry entry, LocalTarget target, ProgressMeter progress)
{
    private const int BufferSize = 256 << 10;

    private EntityTagHeaderValue? _tag;
    private long _received;
    private long _counted;

    /// <exception cref="RemoteFileChangedException">The file is not what the listing said.</exception>
    /// <exception cref="ConnectionBrokenException">The connection broke, and did not come back.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var path = target.PathOf(entry);
        var temporary = Path.Combine(Path.GetDirectoryName(path)!, $".fal-{Guid.NewGuid():n}");
        try
        {
            var file = PrivateFiles.Create(temporary);
            await using (file.ConfigureAwait(false))
            {
                await FetchAsync(file, cancellationToken).ConfigureAwait(false);
            }

            target.Place(entry, temporary);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task FetchAsync(FileStream file, CancellationToken cancellationToken)
    {
        for (var broken = 0; ; )
        {
            var before = _received;
            try
            {
                await TryFetchAsync(file, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ConnectionBrokenException e)
                when (!client.Runtime.HasEnded && !e.IsSettled && (_received > before || broken < RepeatDelays.Count))
            {
                broken = _received > before ? 0 : broken;
                await Task.Delay(RepeatDelays.Of(broken++), client.Runtime.Time, cancellationToken).ConfigureAwait(false);
            }
            catch (SyncException e)
            {
                throw new RemoteFileChangedException(e.Path ?? entry.Entry.Path);
            }
        }
    }

    private async Task TryFetchAsync(FileStream file, CancellationToken cancellationToken)
    {
        using var response = await client.OpenAsync(entry.Entry.Path, _received, _tag, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            _received = 0;
            file.SetLength(0);
        }

        _tag = response.Headers.ETag;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (await ResponseBody.ReceiveAsync(stream, buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                if (_received + count > entry.Entry.Size)
                {
                    throw new RemoteFileChangedException(entry.Entry.Path);
                }

                RandomAccess.Write(file.SafeFileHandle, buffer.AsSpan(0, count), _received);
                _received += count;
                var news = Math.Max(0, _received - _counted);
                _counted += news;
                progress.AddSent(count, news);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_received != entry.Entry.Size)
        {
            throw new RemoteFileChangedException(entry.Entry.Path);
        }
    }
}
