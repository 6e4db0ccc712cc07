using System.Diagnostics.CodeAnalysis;
using FalServerless.Internal;

namespace FalServerless;

/// <summary>
/// A size of machine: <c>XS</c>, <c>S</c>, <c>M</c>, <c>L</c>, <c>XL</c>, <c>GPU-T4</c>, <c>GPU</c>. A string converts to it; the default
/// value is <see cref="XS"/>.
/// </summary>
public readonly struct MachineType : IEquatable<MachineType>
{
    private const long Megabyte = 1L << 20;
    private const long Gigabyte = 1L << 30;

    private static readonly Size[] Sizes =
    [
        new("XS", 0.25, 256 * Megabyte, null, 0),
        new("S", 0.5, Gigabyte, null, 0),
        new("M", 2, 8 * Gigabyte, null, 0),
        new("L", 4, 32 * Gigabyte, null, 0),
        new("XL", 8, 128 * Gigabyte, null, 0),
        new("GPU-T4", 4, 26 * Gigabyte, "T4", 16 * Gigabyte),
        new("GPU", 8, 64 * Gigabyte, "A100", 40 * Gigabyte),
    ];

    private readonly byte _index;

    private MachineType(int index) => _index = (byte)index;

    /// <summary>0.25 CPU, 256 MB; the default.</summary>
    public static MachineType XS => new(0);

    /// <summary>0.5 CPU, 1 GB.</summary>
    public static MachineType S => new(1);

    /// <summary>2 CPUs, 8 GB.</summary>
    public static MachineType M => new(2);

    /// <summary>4 CPUs, 32 GB.</summary>
    public static MachineType L => new(3);

    /// <summary>8 CPUs, 128 GB.</summary>
    public static MachineType XL => new(4);

    /// <summary>4 CPUs, 26 GB, one T4 with 16 GB.</summary>
    public static MachineType GpuT4 => new(5);

    /// <summary>8 CPUs, 64 GB, one A100 with 40 GB.</summary>
    public static MachineType Gpu => new(6);

    /// <summary>All machine types, from small to large.</summary>
    public static IReadOnlyList<MachineType> All { get; } = [.. Enumerable.Range(0, Sizes.Length).Select(index => new MachineType(index))];

    /// <summary>As users write it: <c>GPU-T4</c>.</summary>
    public string Name => Sizes[_index].Name;

    /// <summary>CPU cores; a fraction is a share of one core's time.</summary>
    public double Cpu => Sizes[_index].Cpu;

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes => Sizes[_index].MemoryBytes;

    /// <summary>The model of the GPU; null without one.</summary>
    public string? GpuModel => Sizes[_index].GpuModel;

    /// <summary>Memory of the GPU in bytes; zero without one.</summary>
    public long GpuMemoryBytes => Sizes[_index].GpuMemoryBytes;

    internal static MachineType LargestWithoutGpu => XL;

    /// <summary>The memory as a user says it: <c>256 MB</c>.</summary>
    internal string MemoryWords => MemoryBytes < Gigabyte ? $"{MemoryBytes / Megabyte} MB" : $"{MemoryBytes / Gigabyte} GB";

    /// <summary>What to try where that is not enough.</summary>
    internal string MoreMemoryWords
    {
        get
        {
            var (memory, gpu) = (MemoryBytes, GpuMemoryBytes);
            var larger = All.Where(other => other.MemoryBytes > memory && other.GpuMemoryBytes > 0 == gpu > 0)
                .Select(other => other.Name)
                .FirstOrDefault();
            return larger is null
                ? "No machine type of its kind has more: keep less in memory at once, or split the work into several calls."
                : $"Try machineType: \"{larger}\", or keep less in memory at once.";
        }
    }

    /// <summary>The machine type of that name, in capitals as listed.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static implicit operator MachineType(string name) => Parse(name);

    /// <summary>The machine type of that name, in capitals as listed.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static MachineType Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryParse(name, out var machineType) ? machineType : throw new ArgumentException(Unknown(name), nameof(name));
    }

    /// <summary>The machine type of that name, in capitals as listed.</summary>
    /// <returns>False if there is none.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out MachineType machineType)
    {
        var index = Array.FindIndex(Sizes, size => size.Name == name);
        machineType = new(Math.Max(index, 0));
        return index >= 0;
    }

    /// <summary>Whether both are the same machine type.</summary>
    public static bool operator ==(MachineType left, MachineType right) => left.Equals(right);

    /// <summary>Whether both are different machine types.</summary>
    public static bool operator !=(MachineType left, MachineType right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(MachineType other) => _index == other._index;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MachineType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _index;

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal static string Unknown(string name)
    {
        var known = Sizes.Select(size => size.Name).ToArray();
        var nearest = NearestName.Of(name, known);
        var suggestion = nearest is null ? "" : $" Did you mean '{nearest}'?";
        return $"Unknown machine type '{name}'.{suggestion} Known: {string.Join(", ", known)}.";
    }

    private sealed record Size(string Name, double Cpu, long MemoryBytes, string? GpuModel, long GpuMemoryBytes);
}
