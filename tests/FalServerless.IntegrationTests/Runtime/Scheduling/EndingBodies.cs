using System.Runtime.CompilerServices;

namespace FalServerless.IntegrationTests.Runtime.Scheduling;

/// <summary>Bodies that go on until somebody ends them, and end at once when they are told to.</summary>
internal static class EndingBodies
{
    public static async Task<int> SayProcessAndWaitAsync(IsolatedContext context)
    {
        Console.WriteLine(Environment.ProcessId);
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
        return 0;
    }

    /// <summary>A stream without an end, as fast as its reader takes it.</summary>
    public static async IAsyncEnumerable<int> ProcessForEverAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            yield return Environment.ProcessId;
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
