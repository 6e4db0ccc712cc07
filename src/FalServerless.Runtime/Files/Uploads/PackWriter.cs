using FalServerless.Protocol.Http;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Writes the small contents of one request.</summary>
internal sealed class PackWriter : IDisposable
{
    private readonly PackedContents _contents;
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private long _length;

    public PackWriter(PackedContents contents, string path)
    {
        _contents = contents;
        _path = path;
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        contents.Open(path);
    }

    /// <param name="piece">What the content is.</param>
    /// <param name="bytes">The piece's header and the content.</param>
    public void Add(ContentPiece piece, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _length);
        _contents.Add(_path, piece, _length + ContentPiece.HeaderSize);
        _length += bytes.Length;
    }

    /// <summary>Lets nothing of the pack stay.</summary>
    public void Discard() => _contents.Discard(_path);

    public void Dispose()
    {
        _file.Dispose();
        _contents.Close(_path);
    }
}
