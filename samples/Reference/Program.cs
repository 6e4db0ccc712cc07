using System.Diagnostics;
using FalServerless;
using Humanizer;

// An isolated function: its body runs in a worker process, not here.
var myFunction = Isolated.Create(() => "Hello World");
Console.WriteLine(myFunction.Invoke());

// A machine type, and the same function on a larger one. Everything that On does not name stays.
var sized = Isolated.Create(ctx => $"executed on machine type {ctx.MachineType}", new() { MachineType = "M" });
var sizedL = sized.On(machineType: "L");
Console.WriteLine(sized.Invoke());
Console.WriteLine(sizedL.Invoke());

// Local development: another host, and it is still an isolated function.
var sizedLocal = sizedL.On(FalHost.Local);
Console.WriteLine(sizedLocal.Invoke());

// Keep-alive: within it the next call finds the same worker, and each call starts it again.
var whichProcess = Isolated.Create(() => Environment.ProcessId, new() { KeepAlive = TimeSpan.FromSeconds(20) });
var (firstProcess, secondProcess) = (whichProcess.Invoke(), whichProcess.Invoke());
Console.WriteLine(firstProcess == secondProcess ? "Both calls ran in one worker" : "The calls ran in two workers");

// Cached: computed once in a worker, and found there by every later call until the worker ends.
var myCachedFunction = Cached.Create(async () =>
{
    await Task.Delay(TimeSpan.FromSeconds(2));
    return "Hello, World!";
});
var myIsolatedFunction = Isolated.Create(
    async () => $"The result is: {await myCachedFunction.Invoke()}",
    new() { KeepAlive = TimeSpan.FromSeconds(10) }
);
var watch = Stopwatch.StartNew();
for (var call = 1; call <= 2; call++)
{
    watch.Restart();
    Console.WriteLine($"{myIsolatedFunction.Invoke()} (call {call}: {watch.ElapsedMilliseconds} ms)");
}

// Requirements: a package that only the worker has. Its types are named inside the block alone, which never runs here.
var getJoke = Isolated.FromDelegate(
    () =>
    {
        return "SomethingThatReadsWellOnlyInTheWorker".Humanize();
    },
    new() { Requirements = ["Humanizer.Core==2.14.1"], KeepAlive = TimeSpan.FromSeconds(20) }
);
Console.WriteLine(getJoke.Invoke());
