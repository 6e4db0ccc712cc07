using FalServerless.Protocol;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests;

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
    public void AChangeOfTheOptionsResetsWhatTheNamedArgumentsLeaveAsItIs()
    {
        var function = Isolated.Create(
            () => 1,
            new()
            {
                Timeout = TimeSpan.FromSeconds(1),
                MaxWorkers = 2,
                Name = "one",
            }
        );

        var changed = function.On(options => options with { Timeout = null, MaxWorkers = null });

        Assert.Equal((null, null, "one"), (changed.Options.Timeout, changed.Options.MaxWorkers, changed.Options.Name));
        Assert.Equal(TimeSpan.FromSeconds(1), function.Options.Timeout);
        Assert.Equal(function.CodeIdentity, changed.CodeIdentity);
        Assert.Throws<ArgumentNullException>(() => function.On((Func<IsolatedOptions, IsolatedOptions>)null!));
        Assert.Throws<ArgumentException>(() => function.On(_ => null!));
        Assert.Throws<ArgumentException>(() => function.On(options => options with { MinWorkers = 3 }));
        using var host = new FakeHost();
        Assert.Same(host, function.On(host).Options.Host);
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
        Refuses(() => new IsolatedOptions { CallsPerWorker = 0 }, "CallsPerWorker", "between 1 and 65535");
        Refuses(() => new IsolatedOptions { CallsPerWorker = 65536 }, "CallsPerWorker", "between 1 and 65535");
        Refuses(() => new IsolatedOptions { CancellationGrace = TimeSpan.FromTicks(-1) }, "CancellationGrace", "between zero and 49 days");
        Refuses(() => new IsolatedOptions { CancellationGrace = TimeSpan.MaxValue }, "CancellationGrace", "between zero and 49 days");
        Refuses(() => Isolated.Create(() => 1).On(callsPerWorker: -1), "CallsPerWorker", "between 1 and 65535");
        Refuses(
            () => Isolated.Create(() => 1).On(cancellationGrace: -TimeSpan.FromSeconds(1)),
            "CancellationGrace",
            "between zero and 49 days"
        );
        Refuses(() => Isolated.Create(() => 1).On(maxWorkers: -1), "MaxWorkers", "between 1 and 65535");
    }

    [Fact]
    public void MoreWorkersThatStayThanThereMayBeAreRefusedWhereBothAreKnown()
    {
        var create = Assert.Throws<ArgumentException>(() => Isolated.Create(() => 1, new() { MinWorkers = 5, MaxWorkers = 4 }));
        var on = Assert.Throws<ArgumentException>(() => Isolated.Create(() => 1, new() { MaxWorkers = 4 }).On(minWorkers: 5));

        Assert.All([create, on], error => Assert.Contains("MinWorkers is 5 and MaxWorkers is 4", error.Message));
        Assert.Equal(4, Isolated.Create(() => 1, new() { MinWorkers = 4, MaxWorkers = 4 }).Options.MinWorkers);
    }

    [Fact]
    public void TheDefaultsAreAsDocumented()
    {
        var options = new IsolatedOptions();

        Assert.Equal("XS", options.MachineType.Name);
        Assert.Equal(TimeSpan.FromSeconds(10), options.KeepAlive);
        Assert.Equal((1, TimeSpan.FromSeconds(5)), (options.CallsPerWorker, options.CancellationGrace));
        Assert.Equal((null, null, null), (options.Timeout, options.MaxWorkers, options.Host));
    }

    [Fact]
    public async Task ACallTellsItsHostHowManyCallsAWorkerRunsAndTheGrace()
    {
        using var host = new FakeHost { Answer = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7)) };
        var function = Isolated.Create(
            () => 1,
            new()
            {
                Host = host,
                CallsPerWorker = 3,
                CancellationGrace = TimeSpan.Zero,
            }
        );

        await function.InvokeAsync(TestContext.Current.CancellationToken);
        await function
            .On(callsPerWorker: 65535, cancellationGrace: TimeSpan.FromMinutes(1))
            .InvokeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [(3, TimeSpan.Zero), (65535, TimeSpan.FromMinutes(1))],
            host.Invocations.Select(sent => (sent.Options.CallsPerWorker, sent.Options.CancellationGrace))
        );
    }

    private static void Refuses(Func<object> options, string name, string range)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(options);
        Assert.Equal(name, error.ParamName);
        Assert.Contains(range, error.Message);
    }
}
