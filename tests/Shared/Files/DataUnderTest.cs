using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files;
using FalServerless.Runtime.Files.Uploads;

namespace FalServerless.Tests.Shared.Files;

/// <summary>A host's <c>/data</c> without a host around it.</summary>
internal sealed class DataUnderTest : IDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly DataFolders _folders;

    public DataUnderTest(string? directory = null, TimeProvider? time = null)
    {
        _folder = directory is null ? new() : null;
        Directory = directory ?? _folder!.File("data");
        _folders = new(Directory);
        Time = time ?? TimeProvider.System;
        Store = new(_folders, Time);
    }

    public static DateTime Old { get; } = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1_234_567);

    public string Directory { get; }

    public TimeProvider Time { get; }

    public DataStore Store { get; private set; }

    public string Files => _folders.Files;

    public string Uploads => _folders.Uploads;

    public string PathOf(string path) => Path.Combine(Files, path);

    /// <summary>As after a host was killed and another one started.</summary>
    public void Restart()
    {
        Store.Dispose();
        Store = new(_folders, Time);
    }

    public static ManifestEntry File(string path, string text, int mode = 0b110_100_100, DateTime? modified = null) =>
        new()
        {
            Path = path,
            Kind = DataEntryKind.File,
            Mode = (UnixFileMode)mode,
            Size = Encoding.UTF8.GetByteCount(text),
            Modified = modified ?? Old,
            Content = Hash(text),
        };

    public static ManifestEntry Folder(string path, int mode = 0b111_101_101) =>
        new()
        {
            Path = path,
            Kind = DataEntryKind.Directory,
            Mode = (UnixFileMode)mode,
        };

    public static ManifestEntry Link(string path, string target) =>
        new()
        {
            Path = path,
            Kind = DataEntryKind.Link,
            Target = target,
        };

    public static ContentHash Hash(string text) => ContentHash.Of(Encoding.UTF8.GetBytes(text));

    /// <summary>A piece as it is sent; of the whole text unless said otherwise.</summary>
    public static byte[] Piece(string text, int from = 0, int? length = null, ContentHash? hash = null, long? size = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var part = bytes.AsSpan(from, length ?? bytes.Length - from);
        var piece = new byte[ContentPiece.HeaderSize + part.Length];
        new ContentPiece(hash ?? Hash(text), size ?? bytes.Length, from, part.Length).Write(piece);
        part.CopyTo(piece.AsSpan(ContentPiece.HeaderSize));
        return piece;
    }

    public async Task TakeAsync(params byte[][] pieces)
    {
        using var intake = Store.TakeContents();
        await intake.TakeAsync(
            PipeReader.Create(new ReadOnlySequence<byte>(pieces.SelectMany(piece => piece).ToArray())),
            TestContext.Current.CancellationToken
        );
    }

    public Task TakeAsync(params string[] texts) => TakeAsync([.. texts.Select(text => Piece(text))]);

    /// <summary>As a request does: through the bytes of the manifest.</summary>
    public Task<DataAnswer> ApplyAsync(string directory, params ManifestEntry[] entries) => ApplyAsync(directory, mirror: false, entries);

    public Task<DataAnswer> ApplyAsync(string directory, bool mirror, params ManifestEntry[] entries)
    {
        var bytes = new ArrayBufferWriter<byte>();
        DataManifestCodec.Write(
            bytes,
            new()
            {
                Directory = directory,
                Mirror = mirror,
                Entries = entries,
            }
        );
        return Store.Uploads.ApplyAsync(DataManifestCodec.Read(new(bytes.WrittenMemory)), TestContext.Current.CancellationToken);
    }

    /// <summary>Uploads a folder of which each text is sent first.</summary>
    public async Task<DataAnswer> UploadAsync(string directory, bool mirror, params (string Path, string Text)[] files)
    {
        await TakeAsync([.. files.Select(file => file.Text).Distinct()]);
        return await ApplyAsync(directory, mirror, [.. files.Select(file => File(file.Path, file.Text))]);
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder?.Dispose();
    }
}
