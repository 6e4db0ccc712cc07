using System.Runtime.ExceptionServices;

namespace FalServerless.Serialization.Values;

/// <summary>Runs what an ordinary stack has no room for on a thread with a large one, while the caller waits.</summary>
internal static class DeepStack
{
    // Address space: only what is used becomes memory, and it is given back at the end. A level of a chain takes 0.6 to 2.3 KB.
    private const int Size = 512 << 20;

    /// <exception cref="OutOfMemoryException">The thread cannot be made.</exception>
    public static T Run<T>(Func<T> work)
    {
        var result = default(T);
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception e)
                {
                    error = ExceptionDispatchInfo.Capture(e);
                }
            },
            Size
        )
        {
            IsBackground = true,
            Name = "FalServerless: deep values",
        };
        thread.Start();
        thread.Join();
        error?.Throw();
        return result!;
    }
}
