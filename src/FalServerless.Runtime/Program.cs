using System.Runtime.InteropServices;
using FalServerless.Protocol;
using FalServerless.Runtime.Configuration;
using FalServerless.Runtime.Hosting;

if (!LocalOptions.TryRead(args, Console.OpenStandardInput(), out var options, out var error))
{
    Console.Error.WriteLine(error);
    return 2;
}

// Ctrl-C reaches the whole terminal group; whether it ends anything is for the parent to decide.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
await using var host = RuntimeHost.Create(options);
await host.StartAsync();
Console.Out.WriteLine(RuntimeStart.ReadyLine);
await options.ParentGone;
return 0;
