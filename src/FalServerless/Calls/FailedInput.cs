namespace FalServerless.Calls;

/// <summary>Marks what a call of many throws with the input that it was for.</summary>
internal static class FailedInput
{
    private const string Index = "FalServerless.InputIndex";

    public static void Mark(Exception exception, int index)
    {
        // A user's exception may have a dictionary of its own, which takes nothing.
        try
        {
            exception.Data[Index] = index;
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or NullReferenceException or ArgumentException)
        { }
    }
}
