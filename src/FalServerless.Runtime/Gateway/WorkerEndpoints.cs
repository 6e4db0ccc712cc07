using System.Buffers;
using System.Globalization;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Keys;
using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Workers;
using FalServerless.Wire;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Says which workers the host has and what they wrote last, and stops one.</summary>
internal sealed class WorkerEndpoints(Scheduler scheduler, WorkerLogs logs, AuditLog audit)
{
    private const int UsualLines = 100;

    public Task ListAsync(HttpContext context) => WriteAsync(context, WorkerListCodec.Write(scheduler.Workers()));

    public Task LogsAsync(HttpContext context, string id)
    {
        if (logs.Find(id) is not { } log)
        {
            return RefuseUnknown(context, id);
        }

        var asked = context.Request.Query["lines"].ToString();
        return asked.Length == 0 ? WriteAsync(context, Write(log.Last(UsualLines)))
            : int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var lines) && lines > 0
                ? WriteAsync(context, Write(log.Last(lines)))
            : Refusals.WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                RefusalReason.Protocol,
                $"'{asked}' is no number of lines; ask for 1 at least."
            );
    }

    public Task StopAsync(HttpContext context, string id)
    {
        var force = context.Request.Query["force"] == "true";
        var outcome = scheduler.StopWorker(id, force);
        audit.Write(
            Caller.Of(context).KeyId,
            force ? "worker stop --force" : "worker stop",
            id,
            outcome switch
            {
                StopOutcome.Stopping => "done",
                StopOutcome.Draining => "ends after its calls",
                _ => "unknown",
            }
        );
        if (outcome == StopOutcome.Unknown)
        {
            return RefuseUnknown(context, id);
        }

        context.Response.StatusCode = outcome == StopOutcome.Draining ? StatusCodes.Status202Accepted : StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task RefuseUnknown(HttpContext context, string id) =>
        Refusals.WriteAsync(
            context,
            StatusCodes.Status404NotFound,
            RefusalReason.Protocol,
            $"This host has no worker '{id}'. 'fal-serverless worker list' shows its workers."
        );

    private static ReadOnlyMemory<byte> Write(IReadOnlyList<LogEntry> entries)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(entries.Count);
        writer.Flush();
        foreach (var entry in entries)
        {
            LogEntryCodec.Write(output, entry.Level, entry.Source, entry.Time, entry.Message);
        }

        return output.WrittenMemory;
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = Routes.MessageMediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
