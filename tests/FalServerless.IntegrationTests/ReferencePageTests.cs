using System.Diagnostics;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests;

/// <summary>The examples of the reference page of the Python original, one after the other, in C#.</summary>
public class ReferencePageTests
{
    // Humanizer is referenced for compiling only: it lies beside no test, and what a body finds of it came with its environment.
    private static readonly string[] Requirements = ["Humanizer.Core==2.14.1"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnIsolatedFunctionReturnsHelloWorld()
    {
        Assert.Equal("Hello World", await Isolated.Create(() => "Hello World").InvokeAsync(Token));
    }

    [Fact]
    public async Task ARequirementIsThereInsideTheBodyAndNotHere()
    {
        var words = Isolated.Create(
            async (int number) =>
            {
                await Task.Yield();
                return InWords(number);
            },
            new() { Requirements = Requirements }
        );

        Assert.False(File.Exists(Path.Combine(AppContext.BaseDirectory, "Humanizer.dll")));
        Assert.Throws<FileNotFoundException>(() => InWords(1));
        Assert.Equal("three thousand five hundred and one", await words.InvokeAsync(3501, Token));
    }

    [Fact]
    public async Task OnGivesANewFunctionOnAnotherMachineTypeAndLeavesTheFirstAsItIs()
    {
        using var host = new LocalHost();
        var onM = Isolated.Create(
            async ctx =>
            {
                await Task.Yield();
                return $"{ctx.MachineType}: {InWords(2)}";
            },
            new()
            {
                Host = host,
                Requirements = Requirements,
                MachineType = "M",
            }
        );
        var onL = onM.On(machineType: "L");

        Assert.Equal("M: two", await onM.InvokeAsync(Token));
        Assert.Equal("L: two", await onL.InvokeAsync(Token));
        Assert.Equal("M: two", await onM.InvokeAsync(Token));
    }

    [Fact]
    public async Task AFunctionGoesToTheLocalHostAndBackToAnotherOneWithAllItsOptions()
    {
        // Any other host does for the cloud: it is another runtime behind the same protocol.
        using var cloud = new LocalHost();
        var function = Isolated.Create(
            async ctx =>
            {
                await Task.Yield();
                return (ctx.MachineType.Name, InWords(7), Environment.ProcessId);
            },
            new()
            {
                Host = cloud,
                Requirements = Requirements,
                MachineType = "S",
            }
        );
        var local = function.On(FalHost.Local);
        var back = local.On(cloud, machineType: "M");

        var (first, second, third) = (await function.InvokeAsync(Token), await local.InvokeAsync(Token), await back.InvokeAsync(Token));

        Assert.Equal(("S", "seven"), (first.Name, first.Item2));
        Assert.Equal(("S", "seven"), (second.Name, second.Item2));
        Assert.Equal(("M", "seven"), (third.Name, third.Item2));
        Assert.Equal(3, new[] { first.ProcessId, second.ProcessId, third.ProcessId }.Distinct().Count());
        Assert.Equal(Requirements, back.Options.Requirements);
    }

    [Fact]
    public async Task AWorkerIsReusedWithinItsKeepAliveAndGoneAfterIt()
    {
        using var host = new LocalHost();
        var joke = Isolated.Create(
            async () =>
            {
                await Task.Yield();
                return (InWords(20), Environment.ProcessId);
            },
            new()
            {
                Host = host,
                KeepAlive = TimeSpan.FromSeconds(20),
                Requirements = Requirements,
            }
        );

        var (words, first) = await joke.InvokeAsync(Token);
        var (_, second) = await joke.InvokeAsync(Token);
        var (_, last) = await joke.On(keepAlive: TimeSpan.FromMilliseconds(100)).InvokeAsync(Token);

        Assert.Equal("twenty", words);
        Assert.Equal([first, first], [second, last]);
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(first), () => $"Worker {first} did not end after its keep-alive.");
        Assert.NotEqual(first, (await joke.InvokeAsync(Token)).ProcessId);
    }

    [Fact]
    public async Task ACachedFunctionIsComputedOnceAWorker()
    {
        using var host = new LocalHost();
        var cached = Cached.Create(() =>
        {
            // A time-consuming calculation.
            Thread.CurrentThread.Join(TimeSpan.FromSeconds(2));
            return "Hello, World!";
        });
        var isolated = Isolated.Create(
            () => $"The result is: {cached.Invoke()}",
            new() { Host = host, KeepAlive = TimeSpan.FromSeconds(10) }
        );

        var (first, firstTime) = await TimedAsync(isolated);
        var (second, secondTime) = await TimedAsync(isolated);
        var (third, thirdTime) = await TimedAsync(isolated.On(machineType: "S"));

        Assert.Equal(
            ["The result is: Hello, World!", "The result is: Hello, World!", "The result is: Hello, World!"],
            [first, second, third]
        );
        Assert.True(firstTime >= TimeSpan.FromSeconds(2), $"{firstTime}");
        Assert.True(secondTime < TimeSpan.FromSeconds(1), $"{secondTime}");
        Assert.True(thirdTime >= TimeSpan.FromSeconds(2), $"{thirdTime}");
    }

    private static string InWords(int number) => Humanizer.NumberToWordsExtension.ToWords(number);

    private static async Task<(string Result, TimeSpan Time)> TimedAsync(IsolatedFunction<string> function)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await function.InvokeAsync(Token);
        return (result, Stopwatch.GetElapsedTime(start));
    }
}
