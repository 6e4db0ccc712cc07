using FalServerless.Protocol;
using FalServerless.Worker.Functions;

namespace FalServerless.Worker.Calls;

/// <summary>Sends a stream's items as they come, no faster than the caller takes them.</summary>
internal static class ItemSender
{
    /// <exception cref="OperationCanceledException">The call was cancelled, and the stream went on.</exception>
    public static async Task SendAsync(Call call, PreparedCall body, object stream)
    {
        var token = call.CancellationToken;
        var bytes = SegmentedBuffer.Rent();
        var items = body.Items(stream).GetAsyncEnumerator(token);
        await using (items.ConfigureAwait(false))
        {
            while (true)
            {
                var next = items.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    call.Events.FlushItems();
                }

                if (!await next.ConfigureAwait(false))
                {
                    break;
                }

                bytes.Clear();
                body.WriteItem(bytes, items.Current);
                if (call.IsCancelled || !await call.Events.SendItemAsync(bytes.Written).ConfigureAwait(false))
                {
                    throw new OperationCanceledException(token);
                }
            }
        }

        bytes.Return();
    }
}
