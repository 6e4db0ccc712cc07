using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Scripted;

namespace FalServerless.IntegrationTests.Runtime.Scripted;

/// <summary>
/// Sends a large payload through a gateway to a worker and a large result back, all in this process, and sees how much memory that took.
/// </summary>
internal static class PassThrough
{
    private const int Size = 64 << 20;

    /// <summary>By how many MiB the process grew at most, once everything had been used before.</summary>
    public static async Task<int> GrowthAsync()
    {
        await using var host = await ScriptedHost.StartAsync(listening: false);
        ScriptedWorker? worker = null;
        await RunAsync();
        var before = Status("VmRSS");

        // Linux takes this as: forget the highest so far.
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
        await RunAsync();
        return (Status("VmHWM") - before) >> 10;

        async Task RunAsync()
        {
            var request = ScriptedHost.Request();
            var posting = host.PostAsync(new Zeros(ScriptedHost.Head(request, Size)));
            worker ??= host.NextWorker();
            var answering = Task.Run(() => Answer(worker, request.Id));
            using var events = await posting;
            await events.SkipToEndAsync();
            await answering;
        }
    }

    private static void Answer(ScriptedWorker worker, Guid id)
    {
        for (var left = Size; left > 0; )
        {
            left -= worker.Skip() is (WorkerFrameKind.Input, var length) ? length : 0;
        }

        var window = ProtocolLimits.EventWindow;
        var piece = new byte[ProtocolLimits.Chunk];
        for (var left = Size; left > 0; left -= piece.Length)
        {
            while (window < piece.Length + ProtocolLimits.EventCost)
            {
                // What was credited to the call before may come late.
                window +=
                    worker.NextControl() is (WorkerFrameKind.Credit, var of, var credit) && of == id
                        ? BinaryPrimitives.ReadInt32LittleEndian(credit)
                        : 0;
            }

            worker.Send(WorkerFrameKind.Chunk, id, piece);
            window -= piece.Length + ProtocolLimits.EventCost;
        }

        worker.Send(WorkerFrameKind.Result, id);
    }

    private static int Status(string name) =>
        int.Parse(
            File.ReadLines("/proc/self/status")
                .First(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );

    private sealed class Zeros(byte[] head) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(head);
            var piece = new byte[ProtocolLimits.Chunk];
            for (var left = Size; left > 0; left -= piece.Length)
            {
                await stream.WriteAsync(piece);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = head.Length + Size;
            return true;
        }
    }
}
