using FalServerless.Runtime.Files.Folders;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Gateway;

/// <summary>Sends a file, whole or from some byte on. Its tag changes when the file does.</summary>
internal static class FileResponse
{
    private const int Buffer = 64 << 10;

    public static async Task WriteAsync(HttpContext context, SafeFileHandle file, EntryStat stat, Func<SafeFileHandle, EntryStat> now)
    {
        var tag = new EntityTagHeaderValue($"\"{stat.Inode:x}-{stat.Size:x}-{stat.Modified.Ticks:x}\"");
        var response = context.Response;
        response.ContentType = "application/octet-stream";
        response.Headers.ETag = tag.ToString();
        response.Headers.AcceptRanges = "bytes";
        var (from, to) = Range(context.Request.GetTypedHeaders(), tag, stat.Size);
        if (from > to && stat.Size > 0)
        {
            response.Headers.ContentRange = new ContentRangeHeaderValue(stat.Size).ToString();
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            return;
        }

        if (from > 0 || to < stat.Size - 1)
        {
            response.Headers.ContentRange = new ContentRangeHeaderValue(from, to, stat.Size).ToString();
            response.StatusCode = StatusCodes.Status206PartialContent;
        }

        response.ContentLength = to + 1 - from;
        await SendAsync(context, file, from, to + 1);
        if (!now(file).IsAs(stat))
        {
            // What was sent may be of two files: the end is not to be taken for one.
            context.Abort();
        }
    }

    private static async Task SendAsync(HttpContext context, SafeFileHandle file, long from, long to)
    {
        var output = context.Response.BodyWriter;
        while (from < to)
        {
            var memory = output.GetMemory(Buffer);
            var read = await RandomAccess.ReadAsync(file, memory[..(int)Math.Min(memory.Length, to - from)], from, context.RequestAborted);
            if (read == 0)
            {
                // Shorter than it was.
                context.Abort();
                return;
            }

            from += read;
            output.Advance(read);
            await output.FlushAsync(context.RequestAborted);
        }
    }

    // One range, with its beginning; all else is answered with the whole file, which is allowed.
    private static (long From, long To) Range(Microsoft.AspNetCore.Http.Headers.RequestHeaders headers, EntityTagHeaderValue tag, long size)
    {
        var isSame = headers.IfRange?.EntityTag is not { } wanted || wanted.Compare(tag, useStrongComparison: true);
        return isSame && headers.Range is { Ranges: { Count: 1 } ranges } && ranges.First() is { From: { } from } range
            ? (from, Math.Min(range.To ?? long.MaxValue, size - 1))
            : (0, size - 1);
    }
}
