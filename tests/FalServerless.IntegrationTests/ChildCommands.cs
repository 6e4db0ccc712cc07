using System.Globalization;
using FalServerless.IntegrationTests.Capture;
using FalServerless.IntegrationTests.Programs;
using FalServerless.IntegrationTests.Runtime;
using FalServerless.IntegrationTests.Runtime.Detached;
using FalServerless.IntegrationTests.Runtime.Environments;
using FalServerless.IntegrationTests.Runtime.Scripted;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Environments;
using FalServerless.Tests.Shared.Processes;

namespace FalServerless.IntegrationTests;

/// <summary>What this program does where <see cref="ChildProgram"/> starts it.</summary>
internal static class ChildCommands
{
    public static int Run(string mode)
    {
        switch (mode)
        {
            case ChildProgram.Create:
                Isolated.Create(() => 1);
                return 0;
            case ChildProgram.Call:
                return Isolated.Create((int a) => a + 1).Invoke(6);
            case ChildProgram.Loaded:
                var result = Isolated.Create((int a) => a + 1).Invoke(6);
                Console.WriteLine(string.Join('\n', AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name)));
                return result;
            case ChildProgram.Keep:
                var path = Path.Combine(Path.GetTempPath(), ChildProgram.Keep);
                var kept = Cached.Create(() => new Kept(path, "kept"));
                return Isolated.Create(() => kept.Invoke().IsLive ? 7 : 0).Invoke();
            case ChildProgram.Throw:
                Isolated.Create((int a) => a + 1).Invoke(6);
                throw new InvalidOperationException("As the test wants it.");
            case ChildProgram.Cancel:
                return CancelAsync().GetAwaiter().GetResult();
            case ChildProgram.Restart:
                return RestartAsync().GetAwaiter().GetResult();
            case ChildProgram.Require:
                return RequireAsync().GetAwaiter().GetResult();
            case ChildProgram.Fixture:
                return FixtureAsync().GetAwaiter().GetResult();
            case ChildProgram.Unhosted:
                try
                {
                    return Isolated.Create((int a) => a + 1).Invoke(6);
                }
                catch (HostUnreachableException e)
                {
                    Console.WriteLine(e.Message);
                    return 1;
                }

            case ChildProgram.Bodies:
                return BodiesWithoutDynamicCode.RunAsync().GetAwaiter().GetResult();
            case ChildProgram.Upload:
                SyncDir.ListAsync().GetAwaiter().GetResult();
                Console.WriteLine(ChildProgram.Ready);
                SyncDir.Upload(Environment.GetEnvironmentVariable(ChildProgram.UploadFolder)!, "/data/x", new() { Mirror = true });
                return 0;
            case ChildProgram.Data:
                Isolated.Create((string text) => File.WriteAllText("/data/file", text)).Invoke("written");
                Console.WriteLine(
                    Isolated
                        .Create(ctx =>
                            $"{ctx.DataPath}: {File.ReadAllText("/data/file")} as {Environment.UserName} in {Environment.CurrentDirectory}"
                        )
                        .Invoke()
                );
                return 7;
            case ChildProgram.Find:
                return FindAsync().GetAwaiter().GetResult();
            case ChildProgram.Pass:
                return PassThrough.GrowthAsync().GetAwaiter().GetResult();
            default:
                KeepBusyAsync().GetAwaiter().GetResult();
                return 0;
        }
    }

    private static async Task<int> FindAsync()
    {
        var host = new SocketHost(
            Environment.GetEnvironmentVariable("FAL_TEST_SOCKET")!,
            Environment.GetEnvironmentVariable("FAL_TEST_KEY")!
        );
        var run = await Invocation.FindAsync<RestartTests.Found>(Guid.Parse(Environment.GetEnvironmentVariable("FAL_TEST_ID")!), host);
        var result = await run.GetResultAsync();
        Console.WriteLine(result);
        return result.Number;
    }

    private static async Task<int> RequireAsync()
    {
        var folder = Environment.GetEnvironmentVariable("FAL_ENVIRONMENTS")!;
        await using var store = new FalServerless.Runtime.Environments.EnvironmentStore(
            folder,
            long.MaxValue,
            new FalServerless.Runtime.Environments.NuGetRestore(null).BuildAsync,
            TimeProvider.System
        );
        using var use = await store.AcquireAsync(
            PackageFeed.Definition(PackageBodies.Humanizer),
            (_, line) => Console.WriteLine(line),
            CancellationToken.None
        );
        return System.Reflection.AssemblyName.GetAssemblyName(Path.Combine(use.Path, "Humanizer.dll")).Version == new Version(2, 14, 0, 0)
            ? 7
            : 1;
    }

    private static async Task<int> FixtureAsync()
    {
        try
        {
            await using var fixture = await FalServerless.Testing.LocalHostFixture.StartAsync();
            Console.WriteLine(fixture.DataPath);
            return 7;
        }
        catch (HostUnreachableException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    private static async Task<int> RestartAsync()
    {
        var runtime = await ((FalServerless.Hosts.LocalHost)FalHost.Local).RuntimeAsync();
        var running = new TaskCompletionSource();
        var call = Isolated.Create(() => Bodies.SayAndBlock("running"), new() { OnLog = _ => running.SetResult() }).InvokeAsync();
        await running.Task;
        ProcessTable.Kill(runtime.ProcessId);

        try
        {
            await call;
            return 1;
        }
        catch (HostUnreachableException)
        {
            return await Isolated.Create((int a) => a + 1).InvokeAsync(6);
        }
    }

    private static async Task<int> CancelAsync()
    {
        using var cancellation = new CancellationTokenSource();
        var running = new TaskCompletionSource();
        var call = Isolated
            .Create(() => Bodies.SayAndBlock("running"), new() { OnLog = _ => running.SetResult() })
            .InvokeAsync(cancellation.Token);
        await running.Task;
        cancellation.Cancel();
        try
        {
            await call;
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 7;
        }
    }

    private static async Task KeepBusyAsync()
    {
        using var running = new CountdownEvent(ChildProgram.BusyWorkers);
        var block = Isolated.Create(
            (int number) => Bodies.SayAndBlock(number.ToString(CultureInfo.InvariantCulture)),
            new() { OnLog = _ => running.Signal() }
        );
        var calls = Enumerable.Range(0, ChildProgram.BusyWorkers).Select(number => block.InvokeAsync(number)).ToArray();
        running.Wait();
        Console.WriteLine(ChildProgram.Ready);
        await Task.WhenAll(calls);
    }
}
