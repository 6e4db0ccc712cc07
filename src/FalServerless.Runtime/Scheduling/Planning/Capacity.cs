using System.Globalization;

namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>
/// What the host has, and what its claimed workers leave of it. A worker has its share from the decision to start it until its process is
/// gone. It has no lock of its own.
/// </summary>
internal sealed class Capacity
{
    private const int Milli = 1000;
    private const double Gigabyte = 1L << 30;

    private readonly Resources _whole;
    private readonly IReadOnlyList<string> _gpus;
    private readonly bool _refusesLarger;
    private readonly Gpu[] _gpuStates;
    private Resources _free;
    private Resources _coming;

    /// <param name="cpus">Processors that the workers share.</param>
    /// <param name="memoryBytes">Memory that they share.</param>
    /// <param name="gpus">What each GPU is called.</param>
    /// <param name="refusesLarger">Whether a machine type that is larger than the whole host is refused. Else it runs with what there
    /// is.</param>
    public Capacity(double cpus, long memoryBytes, IReadOnlyList<string> gpus, bool refusesLarger = false)
    {
        _whole = _free = new(Math.Max(1, (long)Math.Round(cpus * Milli)), memoryBytes, 0);
        _gpus = gpus;
        _gpuStates = new Gpu[gpus.Count];
        _refusesLarger = refusesLarger;
    }

    private Capacity(Capacity other)
    {
        (_whole, _gpus, _refusesLarger) = (other._whole, other._gpus, other._refusesLarger);
        (_free, _coming, _gpuStates) = (other._free, other._coming, [.. other._gpuStates]);
    }

    private enum Gpu : byte
    {
        Free,
        Taken,
        Coming,
    }

    /// <summary>Whether nothing is taken.</summary>
    public bool IsWhole => _free == _whole && _coming.IsZero && Array.TrueForAll(_gpuStates, state => state == Gpu.Free);

    /// <summary>An independent copy, with the same shares taken.</summary>
    public Capacity Copy() => new(this);

    /// <summary>What is free.</summary>
    public Resources Free(string? gpuModel) => _free with { Gpus = Count(gpuModel, Gpu.Free) };

    /// <summary>What workers have that were told to end.</summary>
    public Resources Releasing(string? gpuModel) => _coming with { Gpus = Count(gpuModel, Gpu.Coming) };

    /// <summary>What a worker of the machine type gets: the host's whole where that is less.</summary>
    public Resources Need(MachineType machineType) =>
        new(
            Math.Min(MilliCpu(machineType), _whole.MilliCpu),
            Math.Min(machineType.MemoryBytes, _whole.MemoryBytes),
            machineType.GpuModel is null ? 0 : 1
        );

    /// <summary>How many workers of the machine type the host carries at once.</summary>
    public int MaxWorkers(MachineType machineType)
    {
        var need = Need(machineType);
        var most = Math.Min(_whole.MilliCpu / need.MilliCpu, _whole.MemoryBytes / need.MemoryBytes);
        return (int)
            Math.Min(machineType.GpuModel is { } model ? Math.Min(most, _gpus.Count(gpu => IsModel(gpu, model))) : most, ushort.MaxValue);
    }

    /// <summary>Whether the machine type has more processors or memory than the host.</summary>
    public bool IsLarger(MachineType machineType) =>
        MilliCpu(machineType) > _whole.MilliCpu || machineType.MemoryBytes > _whole.MemoryBytes;

    /// <summary>Why no worker of the machine type can ever run here; null if one can.</summary>
    public string? Refuse(MachineType machineType)
    {
        if (machineType.GpuModel is { } model && !_gpus.Any(gpu => IsModel(gpu, model)))
        {
            var has = _gpus.Count == 0 ? "has none" : $"has {string.Join(", ", _gpus)}";
            return $"The machine type '{machineType}' needs a GPU, the model {model}, and this host {has}. {Largest()}";
        }

        return _refusesLarger && IsLarger(machineType) ? $"{Larger(machineType)} {Largest()}" : null;
    }

    /// <summary>In words: how the machine type compares with the host that it is too large for.</summary>
    public string Larger(MachineType machineType) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The machine type '{machineType}' has {machineType.Cpu:0.##} {Cpus(machineType.Cpu)} and "
                + $"{machineType.MemoryBytes / Gigabyte:0.##} GB of memory, more than the {(double)_whole.MilliCpu / Milli:0.##} "
                + $"{Cpus((double)_whole.MilliCpu / Milli)} and {_whole.MemoryBytes / Gigabyte:0.##} GB of this host."
        );

    private static string Cpus(double count) => count == 1 ? "CPU" : "CPUs";

    /// <summary>Takes the share of a worker that is going to start; asked for only where <see cref="Free"/> covers the need.</summary>
    public Allocation Take(MachineType machineType)
    {
        var need = Need(machineType);
        int? gpu = null;
        if (machineType.GpuModel is { } model)
        {
            gpu = Enumerable.Range(0, _gpus.Count).First(number => _gpuStates[number] == Gpu.Free && IsModel(_gpus[number], model));
            _gpuStates[gpu.Value] = Gpu.Taken;
        }

        _free -= need with { Gpus = 0 };
        return new(need.MilliCpu, need.MemoryBytes, machineType.GpuModel, gpu);
    }

    /// <summary>The share's worker was told to end, or is ending.</summary>
    public void MarkReleasing(Allocation share)
    {
        _coming += share.For(null);
        SetGpu(share, Gpu.Coming);
    }

    /// <summary>The process of the share's worker is gone.</summary>
    public void Return(Allocation share, bool isExpected)
    {
        _free += share.For(null);
        _coming -= isExpected ? share.For(null) : default;
        SetGpu(share, Gpu.Free);
    }

    private static long MilliCpu(MachineType machineType) => (long)(machineType.Cpu * Milli);

    // "Tesla T4" is a T4, and "NVIDIA A100-SXM4-40GB" an A100; a "T400" is neither.
    private static bool IsModel(string gpu, string model) =>
        gpu.Split([' ', '-'], StringSplitOptions.TrimEntries).Contains(model, StringComparer.OrdinalIgnoreCase);

    private string Largest()
    {
        var fitting = MachineType.All.Where(type => !(_refusesLarger && IsLarger(type))).ToArray();
        var gpus = fitting
            .Where(type => type.GpuModel is { } model && _gpus.Any(gpu => IsModel(gpu, model)))
            .Select(type => $"'{type}'")
            .ToArray();
        var plain = fitting.LastOrDefault(type => type.GpuModel is null);
        var without = fitting.Any(type => type.GpuModel is null)
            ? $"Without a GPU, '{plain}' is the largest that fits."
            : "No machine type fits.";
        return gpus.Length == 0 ? without : $"With a GPU, {string.Join(" and ", gpus)} would fit. {without}";
    }

    private int Count(string? model, Gpu state) =>
        model is null ? 0 : Enumerable.Range(0, _gpus.Count).Count(number => _gpuStates[number] == state && IsModel(_gpus[number], model));

    private void SetGpu(Allocation share, Gpu state)
    {
        if (share.Gpu is { } number)
        {
            _gpuStates[number] = state;
        }
    }
}
