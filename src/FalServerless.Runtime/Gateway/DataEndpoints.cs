using System.IO.Pipelines;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Files.Uploads;
using FalServerless.Runtime.Workers;
using FalServerless.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FalServerless.Runtime.Gateway;

/// <summary>Uploads to <c>/data</c>, and lists it.</summary>
/// <param name="store">What is in it.</param>
/// <param name="pathInWorkers">Where bodies find it.</param>
internal sealed class DataEndpoints(Lazy<DataStore> store, Func<ValueTask<string>> pathInWorkers)
{
    private const int FlushAt = 64 << 10;

    public Task UploadAsync(HttpContext context) =>
        GuardAsync(
            context,
            async () =>
            {
                Allow(context, ProtocolLimits.MaximumDataManifest);
                var answer = await store.Value.Uploads.ApplyAsync(
                    await ReadManifestAsync(context.Request.BodyReader, context.RequestAborted),
                    context.RequestAborted
                );
                if (answer.Path is { } path)
                {
                    answer = answer with { Path = await pathInWorkers() + path[DataPath.Root.Length..] };
                }

                var body = DataAnswerCodec.Write(answer);
                context.Response.ContentType = Routes.MessageMediaType;
                context.Response.ContentLength = body.Length;
                await context.Response.Body.WriteAsync(body, context.RequestAborted);
            }
        );

    public Task TakeContentsAsync(HttpContext context) =>
        GuardAsync(
            context,
            async () =>
            {
                Allow(context, null);
                using var intake = store.Value.TakeContents();
                await intake.TakeAsync(context.Request.BodyReader, context.RequestAborted);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );

    public Task ListAsync(HttpContext context) =>
        GuardAsync(
            context,
            async () =>
            {
                var path = await PathAsync(context);
                var entries = store.Value.Files.List(path, context.Request.Query["recursive"] == "true");
                context.Response.ContentType = Routes.MessageMediaType;
                context.Response.Headers.ContentLocation = Uri.EscapeDataString(path);
                var output = context.Response.BodyWriter;
                foreach (var entry in entries)
                {
                    Write(output, entry);
                    if (output.UnflushedBytes >= FlushAt)
                    {
                        await output.FlushAsync(context.RequestAborted);
                    }
                }

                await output.FlushAsync(context.RequestAborted);
            }
        );

    public Task DownloadAsync(HttpContext context) =>
        GuardAsync(
            context,
            async () =>
            {
                var (file, stat) = store.Value.Files.Open(await PathAsync(context));
                using (file)
                {
                    await FileResponse.WriteAsync(context, file, stat, store.Value.Files.Stat);
                }
            }
        );

    private static void Allow(HttpContext context, long? bytes) =>
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = bytes;

    private static async Task<DataManifest> ReadManifestAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                var manifest = DataManifestCodec.Read(read.Buffer);
                body.AdvanceTo(read.Buffer.End);
                return manifest;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static void Write(PipeWriter output, DataEntry entry)
    {
        var writer = new MessagePackWriter(output);
        DataEntryCodec.Write(ref writer, entry);
        writer.Flush();
    }

    /// <summary>The path asked for: by <c>/data</c>, or as bodies see it.</summary>
    private async ValueTask<string> PathAsync(HttpContext context)
    {
        var path = context.Request.Query["path"].ToString();
        var inWorkers = await pathInWorkers();
        if (path == inWorkers || path.StartsWith(inWorkers + '/', StringComparison.Ordinal))
        {
            path = DataPath.Root + path[inWorkers.Length..];
        }

        return DataPath.Normalize(path, allowsRoot: true, out var error) ?? throw new DataException(DataFault.NotFound, error!, path);
    }

    private static async Task GuardAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (ProtocolException e) when (!context.Response.HasStarted)
        {
            await Refusals.WriteAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Protocol, e.Message);
        }
        catch (DataException e) when (!context.Response.HasStarted)
        {
            await Refusals.WriteAsync(
                context,
                StatusOf(e.Fault),
                new()
                {
                    Reason = RefusalReason.Data,
                    Message = e.Message,
                    DataPath = e.Path,
                }
            );
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or WorkerStartException
                && e is not BadHttpRequestException
                && !context.Response.HasStarted
                && !context.RequestAborted.IsCancellationRequested
            )
        {
            await Refusals.WriteAsync(context, StatusCodes.Status409Conflict, RefusalReason.Data, $"The host's /data failed: {e.Message}");
        }
    }

    private static int StatusOf(DataFault fault) =>
        fault switch
        {
            DataFault.NotFound => StatusCodes.Status404NotFound,
            DataFault.Mismatch => StatusCodes.Status422UnprocessableEntity,
            DataFault.Full => StatusCodes.Status507InsufficientStorage,
            _ => StatusCodes.Status409Conflict,
        };
}
