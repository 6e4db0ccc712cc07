using System.Collections.Concurrent;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests;

public class IsolatedTests
{
    private readonly int _seven = 7;
    private int _changing = 1;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FunctionsTakeNoneToFourInputs()
    {
        Assert.Equal(1, await Isolated.Create(() => 1).InvokeAsync(Token));
        Assert.Equal("a", await Isolated.Create((string a) => a).InvokeAsync("a", Token));
        Assert.Equal("a1", await Isolated.Create((string a, int b) => a + b).InvokeAsync("a", 1, Token));
        Assert.Equal("a1True", await Isolated.Create((string a, int b, bool c) => a + b + c).InvokeAsync("a", 1, true, Token));
        Assert.Equal(
            "a1True2.5",
            await Isolated
                .Create((string a, int b, bool c, decimal d) => a + b + c + d.ToString(System.Globalization.CultureInfo.InvariantCulture))
                .InvokeAsync("a", 1, true, 2.5m, Token)
        );
    }

    [Fact]
    public async Task ActionsTakeNoneToFourInputs()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("0");
        await Isolated.Create(() => File.WriteAllText(path, "none")).InvokeAsync(Token);
        await Isolated.Create((string a) => File.WriteAllText(a, "one")).InvokeAsync(folder.File("1"), Token);
        await Isolated.Create((string a, string b) => File.WriteAllText(a, b)).InvokeAsync(folder.File("2"), "two", Token);
        await Isolated.Create((string a, string b, int c) => File.WriteAllText(a, b + c)).InvokeAsync(folder.File("3"), "three", 3, Token);
        await Isolated
            .Create((string a, string b, int c, int d) => File.WriteAllText(a, b + c + d))
            .InvokeAsync(folder.File("4"), "four", 4, 4, Token);

        Assert.Equal(["none", "one", "two", "three3", "four44"], Enumerable.Range(0, 5).Select(i => File.ReadAllText(folder.File($"{i}"))));
    }

    [Fact]
    public void EveryFunctionAndActionIsInvokedSynchronouslyToo()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("file");
        Assert.Equal(1, Isolated.Create(() => 1).Invoke());
        Assert.Equal(2, Isolated.Create((int a) => a).Invoke(2));
        Assert.Equal(3, Isolated.Create((int a, int b) => a + b).Invoke(1, 2));
        Assert.Equal(6, Isolated.Create((int a, int b, int c) => a + b + c).Invoke(1, 2, 3));
        Assert.Equal(10, Isolated.Create((int a, int b, int c, int d) => a + b + c + d).Invoke(1, 2, 3, 4));
        Isolated.Create(() => File.AppendAllText(path, "0")).Invoke();
        Isolated.Create((string a) => File.AppendAllText(path, a)).Invoke("1");
        Isolated.Create((string a, string b) => File.AppendAllText(path, a + b)).Invoke("2", "3");
        Isolated.Create((string a, string b, string c) => File.AppendAllText(path, a + b + c)).Invoke("4", "5", "6");
        Isolated.Create((string a, string b, string c, string d) => File.AppendAllText(path, a + b + c + d)).Invoke("7", "8", "9", "x");

        Assert.Equal("0123456789x", File.ReadAllText(path));
    }

    [Fact]
    public async Task AnInvokeUnderASynchronizationContextThatItBlocksEnds()
    {
        using var host = new FalServerless.Hosts.LocalHost();
        var function = Isolated.Create((int a) => a + 1, new() { Host = host });
        var thread = new OneThreadContext();

        Assert.Equal(3, await thread.Run(() => function.Invoke(2)).WaitAsync(Eventually.Limit, Token));
    }

    [Fact]
    public async Task ACapturedVariableIsReadAtEachCallAndChangesInTheWorkerDoNotComeBack()
    {
        var count = 1;
        List<int> numbers = [1];
        var grow = Isolated.Create(() => Bodies.Grow(ref count, numbers));

        Assert.Equal(4, await grow.InvokeAsync(Token));
        Assert.Equal((1, 1), (count, numbers.Count));

        count = 10;
        numbers.Add(2);
        Assert.Equal(14, await grow.InvokeAsync(Token));
        Assert.Equal((10, 2), (count, numbers.Count));
    }

    [Fact]
    public async Task FieldsOfThisTravelAndAreReadAtEachCall()
    {
        var function = Isolated.Create((int a) => a + _seven + _changing);
        Assert.Equal(9, await function.InvokeAsync(1, Token));

        _changing = 100;

        Assert.Equal(108, await function.InvokeAsync(1, Token));
    }

    [Fact]
    public async Task AValueOfAnOpenTypeBringsTheAssemblyThatItsTypeIsIn()
    {
        using var host = new FalServerless.Hosts.LocalHost();
        object text = new Travelling("seven");
        var type = typeof(Travelling);

        Assert.Equal(new Travelling("seven"), await Isolated.Create(() => text, new() { Host = host }).InvokeAsync(Token));
        Assert.Equal(typeof(Travelling), await Isolated.Create(() => type, new() { Host = host }).InvokeAsync(Token));
    }

    [Fact]
    public async Task AFunctionMayCaptureMoreVariablesThanADelegateTypeHasParameters()
    {
        var (a, b, c, d, e, f, g, h, i, j) = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        var (k, l, m, n, o, p, q, r, s, t) = (11, 12, 13, 14, 15, 16, 17, 18, 19, 20);

        Assert.Equal(
            210,
            await Isolated.Create(() => a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t).InvokeAsync(Token)
        );
    }

    [Fact]
    public async Task CallsRunInAnotherProcessAndConsecutiveOnesInTheSame()
    {
        // On a host of its own: elsewhere an idle worker gives way when calls of other tests need its room.
        using var host = new LocalHost();
        var process = Isolated.Create(
            () => Environment.ProcessId,
            new()
            {
                Host = host,
                MachineType = "S",
                MaxWorkers = 41,
                KeepAlive = TimeSpan.FromMinutes(5),
            }
        );

        var first = await process.InvokeAsync(Token);

        Assert.NotEqual(Environment.ProcessId, first);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(first, await process.InvokeAsync(Token));
        }
    }

    [Fact]
    public async Task ConcurrentCallsNeverMixTheirResults()
    {
        var factor = 3;
        var times = Isolated.Create((int a, string text) => $"{text}:{a * factor}");
        var results = new ConcurrentDictionary<int, string>();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 500),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Token },
            async (i, cancellationToken) => results[i] = await times.InvokeAsync(i, $"call {i}", cancellationToken)
        );

        Assert.Equal(
            Enumerable.Range(0, 500).Select(i => $"call {i}:{i * 3}"),
            results.OrderBy(pair => pair.Key).Select(pair => pair.Value)
        );
    }

    [Fact]
    public async Task MoreCallsThanWorkersWaitAndAllEnd()
    {
        // On a host of its own: elsewhere an idle worker gives way when calls of other tests need its room.
        using var host = new LocalHost();
        var process = Isolated.Create(
            (int a) => new { Process = Environment.ProcessId, Value = a },
            new()
            {
                Host = host,
                MachineType = "S",
                MaxWorkers = 2,
            }
        );

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => process.InvokeAsync(i, Token)));

        Assert.Equal(Enumerable.Range(0, 60), results.Select(result => result.Value));
        Assert.InRange(results.Select(result => result.Process).Distinct().Count(), 1, 2);
    }

    [Fact]
    public async Task OneWorkerAtMostMeansOneProcess()
    {
        // On a host of its own: elsewhere an idle worker gives way when calls of other tests need its room.
        using var host = new LocalHost();
        var process = Isolated.Create(
            () => Environment.ProcessId,
            new()
            {
                Host = host,
                MachineType = "S",
                MaxWorkers = 1,
            }
        );

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => process.InvokeAsync(Token)));

        Assert.Single(results.Distinct());
    }

    [Fact]
    public async Task WithoutKeepAliveEachCallHasAFreshProcess()
    {
        var process = Isolated.Create(
            () => Bodies.CountCalls(),
            new()
            {
                MachineType = "S",
                MaxWorkers = 42,
                KeepAlive = TimeSpan.Zero,
            }
        );

        var first = await process.InvokeAsync(Token);
        var second = await process.InvokeAsync(Token);

        Assert.Equal((1, 1), (first.Calls, second.Calls));
        Assert.NotEqual(first.Process, second.Process);
        await EndsAsync(first.Process);
        await EndsAsync(second.Process);
    }

    [Fact]
    public async Task AWorkerEndsWithItsKeepAliveWhichEachCallRestarts()
    {
        // On a host of its own: elsewhere an idle worker gives way when calls of other tests need its room.
        using var host = new LocalHost();
        var process = Isolated.Create(
            () => Environment.ProcessId,
            new()
            {
                Host = host,
                MachineType = "S",
                MaxWorkers = 43,
                KeepAlive = TimeSpan.FromMinutes(5),
            }
        );
        var first = await process.InvokeAsync(Token);

        var second = await process.On(keepAlive: TimeSpan.FromMilliseconds(100)).InvokeAsync(Token);

        Assert.Equal(first, second);
        await EndsAsync(first);
        Assert.NotEqual(first, await process.InvokeAsync(Token));
    }

    [Fact]
    public void OnKeepsWhatIsNotNamed()
    {
        using var host = new FalServerless.Hosts.LocalHost();
        Action<LogEntry> log = _ => { };
        var options = new IsolatedOptions
        {
            Host = host,
            MachineType = "M",
            KeepAlive = TimeSpan.FromSeconds(3),
            Timeout = TimeSpan.FromSeconds(4),
            MaxWorkers = 5,
            CallsPerWorker = 6,
            CancellationGrace = TimeSpan.FromSeconds(7),
            Name = "name",
            OnLog = log,
        };
        var function = Isolated.Create(() => 1, options);

        Assert.Equal(options, function.On().Options);
        Assert.Equal(options with { MachineType = "L" }, function.On(machineType: "L").Options);
        Assert.Equal(options with { KeepAlive = TimeSpan.Zero }, function.On(keepAlive: TimeSpan.Zero).Options);
        Assert.Equal(options with { Timeout = TimeSpan.FromHours(1) }, function.On(timeout: TimeSpan.FromHours(1)).Options);
        Assert.Equal(options with { MaxWorkers = 1 }, function.On(maxWorkers: 1).Options);
        Assert.Equal(options with { CallsPerWorker = 2 }, function.On(callsPerWorker: 2).Options);
        Assert.Equal(options with { CancellationGrace = TimeSpan.Zero }, function.On(cancellationGrace: TimeSpan.Zero).Options);
        Assert.Equal(options with { Name = "other" }, function.On(name: "other").Options);
        Assert.Equal(options with { Host = FalHost.Local }, function.On(FalHost.Local).Options);
        Action<LogEntry> other = _ => throw new NotSupportedException();
        Assert.Equal(options with { OnLog = other }, function.On(onLog: other).Options);
        Assert.Equal(options, function.Options);
        Assert.Equal(options with { Name = "action" }, Isolated.Create(() => Console.WriteLine(), options).On(name: "action").Options);
    }

    [Fact]
    public async Task AnInputOfAnOpenTypeBringsTheAssemblyOfItsValue() =>
        Assert.Equal(
            "Travelling { Text = there }",
            await Isolated.Create((object any) => any.ToString()).InvokeAsync(new Travelling("there"), Token)
        );

    [Theory]
    [InlineData("GPU")]
    [InlineData("GPU-T4")]
    public async Task AHostWithoutAGpuRefusesAGpuTypeAndSaysWhatWouldFit(string machineType)
    {
        var function = Isolated.Create(() => 1, new() { MachineType = machineType });

        var error = await Assert.ThrowsAsync<MachineUnavailableException>(() => function.InvokeAsync(Token));

        Assert.Contains($"'{machineType}' needs a GPU", error.Message);
        Assert.Contains("'XL'", error.Message);
    }

    private static Task EndsAsync(int process) =>
        Eventually.TrueAsync(() => !ProcessTable.IsAlive(process), () => $"the worker {process} is still there.");

    internal sealed record Travelling(string Text);
}
