using FalServerless.Runtime;
using FalServerless.Runtime.Cli;

if (!LocalOptions.TryRead(args, Console.OpenStandardInput(), out var options, out var error))
{
    Console.Error.WriteLine(error);
    return 2;
}

await using var host = RuntimeHost.Create(options);
await host.StartAsync();
Console.Out.WriteLine(FalServerless.Protocol.RuntimeStart.ReadyLine);
await options.ParentGone;
return 0;
