using System.Buffers;
using FalServerless.Transport;

namespace FalServerless.UnitTests.Transport;

public class ResponseBodyTests
{
    [Fact]
    public async Task ABodyOfTheLimitIsReadAndALongerOneIsNot()
    {
        using var response = Response(new byte[10_000]);
        Assert.Equal(10_000, (await ReadAsync(response, limit: 10_000)).Length);

        using var longer = Response(new byte[10_001]);
        var error = await Assert.ThrowsAsync<ProtocolException>(async () => await ReadAsync(longer, limit: 10_000));
        Assert.Equal("The host sent a list of more than 10000 bytes.", error.Message);
    }

    [Fact]
    public async Task AnEndlessBodyIsReadNoFurtherThanItsLimit()
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(new EndlessStream()) };

        await Assert.ThrowsAsync<ProtocolException>(async () => await ReadAsync(response, limit: 1 << 20));
    }

    [Fact]
    public async Task ABodyThatBreaksOffIsABrokenConnection()
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(new BrokenStream()) };

        await Assert.ThrowsAsync<ConnectionBrokenException>(async () => await ReadAsync(response, limit: 10));
    }

    private static ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpResponseMessage response, int limit) =>
        ResponseBody.ReadAsync(response, "a list", limit, TestContext.Current.CancellationToken);

    private static HttpResponseMessage Response(byte[] body) => new() { Content = new ByteArrayContent(body) };

    private class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() { }
    }

    private sealed class BrokenStream : EndlessStream
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("reset");
    }
}
