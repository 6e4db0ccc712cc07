using System.Buffers.Binary;
using System.Diagnostics;
using FalServerless.Caching;
using FalServerless.Protocol.Worker;
using FalServerless.Transport;
using FalServerless.Worker.Calls;

namespace FalServerless.Worker;

/// <summary>
/// Listens for control frames on a thread of its own. When the gateway is gone, so is the worker, whatever the body is doing.
/// </summary>
internal static class ControlLoop
{
    public static void Start(WorkerConnection control, CallTable calls)
    {
        var thread = new Thread(() => Run(control, calls)) { IsBackground = true, Name = "control" };
        thread.Start();
    }

    private static void Run(WorkerConnection control, CallTable calls)
    {
        try
        {
            while (control.TryRead(out var header, out var payload))
            {
                switch (header.Kind)
                {
                    case WorkerFrameKind.Stop:
                        // An orderly end: what cached functions keep is disposed of, and handlers of ProcessExit run. Home bounds the time
                        // that this may take.
                        CacheStore.OfThisProcess.DisposeAllAsync(Console.Error).GetAwaiter().GetResult();
                        Environment.Exit(0);
                        break;
                    case WorkerFrameKind.Cancel:
                        calls.Cancel(header.Invocation, isRead: !payload.IsEmpty);
                        break;
                    case WorkerFrameKind.Credit:
                        calls.Credit(header.Invocation, BinaryPrimitives.ReadUInt32LittleEndian(payload.Span));
                        break;
                    default:
                        throw new ProtocolException($"The host sent a control frame of kind {header.Kind}.");
                }
            }
        }
        finally
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
