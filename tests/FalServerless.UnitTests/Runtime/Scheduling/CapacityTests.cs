using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Scripted;

namespace FalServerless.UnitTests.Runtime.Scheduling;

/// <summary>What a host has, and what it says when that is not enough.</summary>
public class CapacityTests
{
    private const long Gigabyte = 1L << 30;

    [Fact]
    public async Task AMachineTypeThatIsLargerThanTheHostRunsWithWhatThereIsAndSaysSoOnce()
    {
        await using var host = await ScriptedHost.StartAsync(new() { Cpus = 1.5, MemoryBytes = 4 * Gigabyte });
        static CallOptions Medium(CallOptions environment) => environment with { MachineType = "M" };
        var request = ScriptedHost.Request(Medium);
        using var events = await host.PostAsync(request);

        var (kind, payload) = await events.NextAsync();
        Assert.Equal(InvocationEventKind.Log, kind);
        var line = LogEntryCodec.Read(new(payload));
        Assert.Equal((LogEntrySource.Host, LogEntryLevel.Warning), (line.Source, line.Level));
        Assert.Equal(
            "The machine type 'M' has 2 CPUs and 8 GB of memory, more than the 1.5 CPUs and 4 GB of this host. It runs with what there is.",
            line.Message
        );
        var worker = host.NextWorker();
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 1);
        Assert.Equal(InvocationEventKind.Result, (await events.NextAsync()).Kind);

        var posting = host.PostAsync(ScriptedHost.Request(Medium));
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 2);
        using var again = await posting;
        Assert.Equal(InvocationEventKind.Result, (await again.NextAsync()).Kind);
    }

    [Fact]
    public async Task AHostThatRefusesLargerTypesNamesTheLargestThatFits()
    {
        await using var host = await ScriptedHost.StartAsync(
            new()
            {
                Cpus = 4,
                MemoryBytes = 16 * Gigabyte,
                RefusesLarger = true,
            }
        );

        using var events = await host.PostAsync(ScriptedHost.Request(environment => environment with { MachineType = "XL" }));

        var refusal = await events.RefusalAsync();
        Assert.Equal(RefusalReason.MachineUnavailable, refusal.Reason);
        Assert.Equal(
            "The machine type 'XL' has 8 CPUs and 128 GB of memory, more than the 4 CPUs and 16 GB of this host. Without a GPU, 'M' "
                + "is the largest that fits.",
            refusal.Message
        );
        Assert.False(host.HasStartedWorkers);
    }

    [Theory]
    [InlineData("GPU", "", "the model A100, and this host has none. Without a GPU, 'XL' is the largest that fits.")]
    [InlineData("GPU", "T4,T4", "the model A100, and this host has T4, T4. With a GPU, 'GPU-T4' would fit. Without")]
    [InlineData(
        "GPU-T4",
        "NVIDIA A100-SXM4-40GB",
        "the model T4, and this host has NVIDIA A100-SXM4-40GB. With a GPU, 'GPU' would fit. Without"
    )]
    [InlineData("GPU-T4", "Quadro T400", "the model T4, and this host has Quadro T400. Without")]
    public void AGpuThatTheHostLacksIsRefusedWithWhatItHasAndWhatWouldFit(string machineType, string gpus, string words)
    {
        var capacity = new Capacity(2, 8 * Gigabyte, gpus.Split(',', StringSplitOptions.RemoveEmptyEntries));

        Assert.Contains(words, capacity.Refuse(machineType));
    }

    [Theory]
    [InlineData("GPU-T4", "Tesla T4")]
    [InlineData("GPU-T4", "t4")]
    [InlineData("GPU", "NVIDIA A100-SXM4-40GB")]
    [InlineData("XL", "")]
    public void AMachineTypeThatTheHostCarriesIsNotRefused(string machineType, string gpu) =>
        Assert.Null(new Capacity(2, 8 * Gigabyte, gpu.Length == 0 ? [] : [gpu]).Refuse(machineType));

    [Fact]
    public void EachWorkerWithAGpuHasOneOfItsOwn()
    {
        var capacity = new Capacity(16, 100 * Gigabyte, ["A100", "T4", "T4"]);
        Assert.Equal(2, capacity.MaxWorkers("GPU-T4"));

        var shares = new[] { capacity.Take("GPU-T4"), capacity.Take("GPU-T4") };

        Assert.Equal([1, 2], shares.Select(share => share.Gpu));
        Assert.Equal(0, capacity.Free("T4").Gpus);
        Assert.Equal(1, capacity.Free("A100").Gpus);
        capacity.MarkReleasing(shares[0]);
        Assert.Equal((0, 1), (capacity.Free("T4").Gpus, capacity.Releasing("T4").Gpus));
        capacity.Return(shares[0], isExpected: true);
        capacity.Return(shares[1], isExpected: false);
        Assert.True(capacity.IsWhole);
    }

    [Fact]
    public void GpusAreReadFromWhatTheDriverShows()
    {
        using var folder = new TemporaryFolder();
        Assert.Empty(HostGpus.Detect(folder.File("none")));
        foreach (var (place, model) in new[] { ("0000:5e:00.0", "Tesla T4"), ("0000:05:00.0", "NVIDIA A100-SXM4-40GB") })
        {
            Directory.CreateDirectory(folder.File(place));
            File.WriteAllText(
                Path.Combine(folder.File(place), "information"),
                $"Model: \t\t {model}\nIRQ:   \t\t 35\nGPU UUID: \t GPU-1\nBus Location: \t {place}\n"
            );
        }

        Assert.Equal(["NVIDIA A100-SXM4-40GB", "Tesla T4"], HostGpus.Detect(folder.Path));
    }
}
