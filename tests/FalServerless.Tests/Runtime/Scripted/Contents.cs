using System.Net;

namespace FalServerless.Tests.Runtime.Scripted;

/// <summary>A request's body that stops half-way until the test lets it go on.</summary>
internal sealed class EndlessContent(byte[] head, int length, int sent) : HttpContent
{
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Finish() => _finish.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(head);
        await stream.WriteAsync(new byte[sent]);
        await stream.FlushAsync();
        await _finish.Task;
        await stream.WriteAsync(new byte[length - sent]);
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = head.Length + length;
        return true;
    }
}

/// <summary>Bytes that do not say how many they are, so that they travel in HTTP chunks.</summary>
internal sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;
}
