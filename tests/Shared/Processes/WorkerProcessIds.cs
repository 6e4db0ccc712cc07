using System.Globalization;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Workers;

namespace FalServerless.Tests.Shared.Processes;

/// <summary>The processes of workers that are processes of this machine: their launcher calls each by its number.</summary>
internal static class WorkerProcessIds
{
    extension(WorkerStatus worker)
    {
        public int ProcessId => int.Parse(worker.Id, CultureInfo.InvariantCulture);
    }

    extension(WorkerHandle worker)
    {
        public int ProcessId => int.Parse(worker.Id, CultureInfo.InvariantCulture);
    }
}
