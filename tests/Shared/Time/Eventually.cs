using System.Diagnostics;

namespace FalServerless.Tests.Shared.Time;

/// <summary>Waits for what must become true, and fails when it does not in time.</summary>
internal static class Eventually
{
    /// <summary>For what takes a moment; generous, because other builds and tests share the machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task TrueAsync(Func<bool> condition, Func<string> otherwise) => TrueAsync(condition, Limit, otherwise);

    public static async Task TrueAsync(Func<bool> condition, TimeSpan limit, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < limit, $"Not within {limit.TotalSeconds} s: {otherwise()}");
            await Task.Delay(Pause);
        }
    }
}
