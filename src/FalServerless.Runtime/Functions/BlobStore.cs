using System.IO.Pipelines;
using System.Security.Cryptography;
using FalServerless.Protocol;
using FalServerless.Runtime.Files;

namespace FalServerless.Runtime.Functions;

/// <summary>Content by its hash, one file each. A file that has a hash for its name is whole: it got the name last.</summary>
internal sealed class BlobStore
{
    private readonly string _directory;

    public BlobStore(string directory) => _directory = Directory.CreateDirectory(directory).FullName;

    public bool Contains(ContentHash hash) => File.Exists(PathOf(hash));

    public string PathOf(ContentHash hash) => Path.Combine(_directory, hash.ToString());

    /// <summary>Keeps content that is known to be what its name says.</summary>
    public void Add(ContentHash hash, ReadOnlySpan<byte> content)
    {
        var temporary = Path.Combine(_directory, $"incoming-{Guid.NewGuid():n}");
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, PathOf(hash), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Flushes contents to the disk, so that they survive a loss of power.</summary>
    /// <exception cref="IOException">One is not here, or the disk failed.</exception>
    public void MakeDurable(IEnumerable<ContentHash> hashes)
    {
        foreach (var hash in hashes)
        {
            Durable.FlushFile(PathOf(hash));
        }

        Durable.FlushFolder(_directory);
    }

    /// <summary>Receives content and keeps it only if it is what its name says.</summary>
    /// <exception cref="ProtocolException">The content has another hash; nothing is kept.</exception>
    public async Task AddAsync(ContentHash hash, PipeReader content, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(_directory, $"incoming-{Guid.NewGuid():n}");
        try
        {
            var actual = await WriteAsync(temporary, content, cancellationToken);
            if (actual != hash)
            {
                throw new ProtocolException(
                    $"The content sent as {hash} has the hash {actual}. It is not kept; was it changed while it was read?"
                );
            }

            File.Move(temporary, PathOf(hash), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static async Task<ContentHash> WriteAsync(string path, PipeReader content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
            }
        );
        while (true)
        {
            var read = await content.ReadAsync(cancellationToken);
            foreach (var segment in read.Buffer)
            {
                hash.AppendData(segment.Span);
                await file.WriteAsync(segment, cancellationToken);
            }

            content.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return ContentHash.From(hash.GetHashAndReset());
            }
        }
    }
}
