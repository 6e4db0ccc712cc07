namespace FalServerless.Serialization.Values;

/// <summary>Whether an exception can say what it is: its members are virtual, and may fail over a field that could not be sent.</summary>
internal static class ExceptionPrinting
{
    public static bool CanPrint(Exception exception)
    {
        try
        {
            _ = exception.Message;
            _ = exception.StackTrace;
            _ = exception.HelpLink;
            _ = exception.Source;
            _ = exception.Data;

            // That of Exception itself adds nothing but the inner ones, which were asked already.
            if (
                ((Func<string>)exception.ToString).Method.DeclaringType is { } type
                && type != typeof(Exception)
                && type != typeof(AggregateException)
            )
            {
                _ = exception.ToString();
            }

            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
