#define DEBUG
using System.Diagnostics;

namespace FalServerless.IntegrationTests.Worker.Logs;

/// <summary>A body as a debug build has it.</summary>
internal static class DebugBodies
{
    public static void Write()
    {
        Debug.WriteLine("debugging");
        Debug.Assert(false, "asserted");
    }
}
