namespace FalServerless.Runtime.Scheduling;

/// <summary>The GPUs that the NVIDIA driver shows.</summary>
internal static class HostGpus
{
    private const string ModelLine = "Model:";

    /// <summary>
    /// What each is called, in the order of its place on the bus, which is the order of CUDA's numbers by <c>PCI_BUS_ID</c>.
    /// </summary>
    /// <param name="folder">Where the driver shows them: a folder for each, named by its place.</param>
    public static IReadOnlyList<string> Detect(string folder = "/proc/driver/nvidia/gpus")
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateDirectories(folder)
                    .Order(StringComparer.Ordinal)
                    .Select(gpu =>
                        File.ReadLines(Path.Combine(gpu, "information"))
                            .FirstOrDefault(line => line.StartsWith(ModelLine, StringComparison.Ordinal))
                    )
                    .Select(line => line is null ? "unknown" : line[ModelLine.Length..].Trim()),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No driver.
            return [];
        }
    }
}
