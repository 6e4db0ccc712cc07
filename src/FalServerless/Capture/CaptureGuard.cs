using FalServerless.Serialization.Results;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>Refuses at the earliest point what can never travel.</summary>
internal static class CaptureGuard
{
    /// <param name="type">The declared type.</param>
    /// <param name="what">What holds it: <c>captured variable 'client'</c>.</param>
    /// <param name="name">Its name, the first part of the path.</param>
    /// <exception cref="CaptureException">No value of the type could travel.</exception>
    public static void CheckType(Type type, string what, string name)
    {
        try
        {
            ValueSerializer.EnsureCanTravel(type);
        }
        catch (CannotTravelException e)
        {
            throw CaptureWords.Of(what, name, e);
        }
    }

    /// <exception cref="CaptureException">No result of the type could travel.</exception>
    public static void CheckResult(Type type)
    {
        var value = ResultShape.Of(type).Value;
        if (value == typeof(void))
        {
            return;
        }

        CheckType(value, "result", "result");
    }
}
