namespace FalServerless.Calls;

/// <summary>Marks what a call of many throws with the input that it was for.</summary>
internal static class FailedInput
{
    private const string Index = "FalServerless.InputIndex";

    public static async Task<TResult> MarkAsync<TResult>(Task<TResult> call, int index)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception e) when (Mark(e, index))
        {
            // The filter handles nothing: the exception goes on as it was thrown.
            throw;
        }
    }

    public static async Task MarkAsync(Task call, int index)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception e) when (Mark(e, index))
        {
            throw;
        }
    }

    private static bool Mark(Exception exception, int index)
    {
        // A user's exception may have a dictionary of its own, which takes nothing.
        try
        {
            exception.Data[Index] = index;
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            return false;
        }

        return false;
    }
}
