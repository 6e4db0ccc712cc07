using System.Reflection;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Assemblies;

namespace FalServerless.IntegrationTests.Capture;

/// <summary>Types that only this process, or only the worker, has.</summary>
public sealed class RunTimeTypesTests : IDisposable
{
    private readonly LocalHost _host = new();

    private IsolatedOptions Options => new() { Host = _host };

    public void Dispose() => _host.Dispose();

    [Fact]
    public void AResultOfATypeThatWasMadeOrLoadedThereIsRefusedInWords()
    {
        var made = Isolated.FromDelegate(() => Activator.CreateInstance(MadeAssembly.Running("MadeThere").GetType("Made")!), Options);
        var loaded = Isolated.FromDelegate(
            () => new List<object> { Activator.CreateInstance(Assembly.Load(MadeAssembly.Image("LoadedThere", 3)).GetType("Made")!)! },
            Options
        );

        Assert.Contains("made at run time", Assert.Throws<CaptureException>(() => made.Invoke()).Message, StringComparison.Ordinal);
        var error = Assert.Throws<CaptureException>(() => loaded.Invoke());
        Assert.Contains("'result[0]'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'LoadedThere' was loaded from memory", error.Message, StringComparison.Ordinal);
    }
}
