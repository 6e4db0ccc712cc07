namespace Testing;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("words").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
