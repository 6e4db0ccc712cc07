namespace FalServerless.Tests;

public class IsolatedOptionsTests
{
    [Theory]
    [InlineData("LX", "Unknown machine type 'LX'. Did you mean 'L'? Known: XS, S, M, L, XL, GPU-T4, GPU.")]
    [InlineData("gpu", "Unknown machine type 'gpu'. Did you mean 'GPU'? Known: XS, S, M, L, XL, GPU-T4, GPU.")]
    [InlineData("GPU-T5", "Unknown machine type 'GPU-T5'. Did you mean 'GPU-T4'? Known: XS, S, M, L, XL, GPU-T4, GPU.")]
    [InlineData("gigantic", "Unknown machine type 'gigantic'. Known: XS, S, M, L, XL, GPU-T4, GPU.")]
    [InlineData("", "Unknown machine type ''.")]
    public void AnUnknownMachineTypeIsRefusedAtOnceWithTheNearest(string name, string words)
    {
        var error = Assert.Throws<ArgumentException>(() => new IsolatedOptions { MachineType = name });

        Assert.StartsWith(words, error.Message);
        Assert.Throws<ArgumentException>(() => Isolated.Create(() => 1).On(machineType: name));
    }

    [Fact]
    public void ATimeOrANumberOutOfRangeIsRefusedAtOnceWithItsRange()
    {
        Refuses(() => new IsolatedOptions { KeepAlive = TimeSpan.FromTicks(-1) }, "KeepAlive", "between zero and 49 days");
        Refuses(() => new IsolatedOptions { KeepAlive = TimeSpan.MaxValue }, "KeepAlive", "between zero and 49 days");
        Refuses(() => new IsolatedOptions { Timeout = TimeSpan.Zero }, "Timeout", "more than zero");
        Refuses(() => new IsolatedOptions { Timeout = System.Threading.Timeout.InfiniteTimeSpan }, "Timeout", "null for no limit");
        Refuses(() => new IsolatedOptions { MaxWorkers = 0 }, "MaxWorkers", "between 1 and 65535");
        Refuses(() => new IsolatedOptions { MaxWorkers = 65536 }, "MaxWorkers", "between 1 and 65535");
        Refuses(() => Isolated.Create(() => 1).On(maxWorkers: -1), "MaxWorkers", "between 1 and 65535");
    }

    [Fact]
    public void TheDefaultsAreAsDocumented()
    {
        var options = new IsolatedOptions();

        Assert.Equal("XS", options.MachineType.Name);
        Assert.Equal(TimeSpan.FromSeconds(10), options.KeepAlive);
        Assert.Equal((null, null, null), (options.Timeout, options.MaxWorkers, options.Host));
    }

    private static void Refuses(Func<object> options, string name, string range)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(options);
        Assert.Equal(name, error.ParamName);
        Assert.Contains(range, error.Message);
    }
}
