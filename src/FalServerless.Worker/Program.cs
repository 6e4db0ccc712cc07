using System.Diagnostics;
using FalServerless.Worker;
using FalServerless.Worker.Calls;
using FalServerless.Worker.Functions;
using FalServerless.Worker.Logs;

// In order: where the gateway is, the working directory, an end with the gateway, the two connections, what the process's output becomes,
// then calls until the gateway says stop or is gone.
var options = WorkerOptions.Read(args, Console.OpenStandardInput());
options.GoToWorkingDirectory();
ParentDeath.EndsThisProcess();
using var signals = new IgnoredSignals();
using var connections = GatewayConnections.Dial(options);
OutputCapture.Install(() => Call.Current is not null, () => Call.Current?.Log);
TraceCapture.Install(() => Call.Current?.Log);
LoadFailures.Watch();
var state = new ProcessState();
var assemblies = new UserAssemblies(options.FrameworkFolders);
assemblies.AnswerNames();
var functions = new FunctionRunner(assemblies);
var calls = new CallTable(connections.Data);
ControlLoop.Start(connections.Control, calls);
var warmUp = new WarmUp(functions);
warmUp.Start();
new CallLoop(connections.Data, functions, calls, new CallRunner(functions, calls, state), state, options.DataPath, warmUp.Leave).Run();

// The gateway is gone, or asked for the end. User code may have left threads that would keep the process alive: it is killed.
Process.GetCurrentProcess().Kill();
