using System.Diagnostics;
using FalServerless.Worker;

// In order: where home is, what the process's output becomes, the two connections, then calls until home says stop or is gone.
var options = WorkerOptions.Read(args, Console.OpenStandardInput());
using var signals = new IgnoredSignals();
using var connections = HomeConnections.Dial(options);
OutputCapture.Install();
var assemblies = new UserAssemblies(options.FrameworkFolders);
var worker = new CallLoop(connections.Data, new FunctionRunner(assemblies));
ControlLoop.Start(connections.Control);
worker.Run();

// Home is gone. User code may have left threads that would keep the process: end it as a kill would.
Process.GetCurrentProcess().Kill();
