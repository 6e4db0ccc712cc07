using FalServerless.Tests.Shared.Processes;
using FalServerless.UnitTests;

[assembly: AssemblyFixture(typeof(NoProcesses))]

namespace FalServerless.UnitTests;

/// <summary>Fails the run of a test program whose tests have started a process: such a test is an integration test.</summary>
public sealed class NoProcesses : IDisposable
{
    // A function that names no host would start the runtime of the local one as soon as it is created.
    public NoProcesses() => Environment.SetEnvironmentVariable("FAL_HOST", "http://127.0.0.1:1");

    public void Dispose() =>
        Assert.False(
            ProcessTable.HasHadChildren(Environment.ProcessId),
            "A unit test has started a process. Run the classes one by one to find it, and move it to the integration tests."
        );
}
