using FalServerless.Capture;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Values;

namespace FalServerless.Caching;

/// <summary>Says what cannot be part of a key, and what to do instead.</summary>
internal static class CacheKeyErrors
{
    /// <param name="body">The function.</param>
    /// <param name="input">Which input; negative for a captured variable.</param>
    /// <param name="inner">What was found.</param>
    public static CaptureException Of(Delegate body, int input, NotSendableException inner)
    {
        if (input < 0 && inner.Path.Length == 0)
        {
            return new(
                $"The cached function ({CodeName.Of(body.Method)}) cannot be distinguished from others: {inner.Reason.TrimEnd('.')}. "
                    + $"{inner.Suggestion.TrimEnd('.')}.",
                null,
                innerException: inner
            );
        }

        // A delegate's object is what the source calls this.
        var (name, rest) = input < 0 ? CapturePath.Split(inner.Path) : (InputName(body, input), inner.Path);
        name = input < 0 && name == nameof(Delegate.Target) ? "this" : name;
        var what = input < 0 ? "captured variable" : "input";
        return new(
            $"The {what} '{name}' of a cached function ({CodeName.Of(body.Method)}) cannot be compared by value, as the key of a "
                + $"result is: '{CapturePath.Join(name, rest)}' is of type '{inner.Type}', and {inner.Reason.TrimEnd('.')}. "
                + "Create it inside the cached function, or pass what it is made from.",
            CapturePath.Join(name, rest),
            innerException: inner
        );
    }

    // The method may have a first parameter that the delegate is closed over.
    private static string InputName(Delegate body, int input)
    {
        var inputs = body.GetType().GetMethod("Invoke")!.GetParameters();
        var named = body.Method.GetParameters();
        return named.ElementAtOrDefault(named.Length - inputs.Length + input)?.Name ?? $"input {input + 1}";
    }
}
