using FalServerless.Hosts;
using Xunit;

namespace FalServerless.Testing;

/// <summary>
/// Writes lines into the output of the test in whose flow they are read, which is the one that made the call. Those of fixtures, which are
/// read outside a test, are diagnostics.
/// </summary>
internal static class TestOutput
{
    public static void Write(LogEntry entry)
    {
        if (!ConsoleLog.IsShown(entry))
        {
            return;
        }

        var context = TestContext.Current;
        try
        {
            if (context.TestOutputHelper is { } output)
            {
                output.WriteLine(entry.Message);
                return;
            }
        }
        catch (InvalidOperationException)
        {
            // The test did not wait for its call.
        }

        context.SendDiagnosticMessage(entry.Message);
    }
}
