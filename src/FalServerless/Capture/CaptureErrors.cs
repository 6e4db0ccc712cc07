using FalServerless.Capture.Fields;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>Says what cannot be sent, the path to it, and what to do instead.</summary>
internal static class CaptureErrors
{
    private const string Result = "result";

    /// <param name="what">What holds it: <c>captured variable 'client'</c>, <c>input 'orders'</c>.</param>
    /// <param name="name">Its name, the first part of the path.</param>
    /// <param name="inner">What was found.</param>
    public static CaptureException Of(string what, string name, NotSendableException inner) => Of(what, name, inner.Path, inner);

    /// <summary>Of one of a call's inputs or captured variables.</summary>
    /// <param name="function">What is called.</param>
    /// <param name="values">The inputs, then the captured variables.</param>
    /// <param name="hasPackages">Whether the worker has packages of its own.</param>
    /// <param name="inner">What was found.</param>
    public static CaptureException OfArgument(CapturedFunction function, object?[] values, bool hasPackages, NotSendableException inner)
    {
        var (what, name, path) = function.NameOf(inner.Index, inner.Path);
        var suggestion =
            name == "this" && path.Length > 0
                ? ThisAdvice.Of(function.This, values[inner.Index], hasPackages, CapturePath.Split(path).Name, Sentence(inner.Suggestion))
                : Suggestion(name, inner);
        return new($"The {Describe(what, name, path, inner, suggestion)}", CapturePath.Join(name, path), innerException: inner);
    }

    public static string OfResult(NotSendableException inner) =>
        $"The {Describe(Result, "result", inner.Path, inner, Sentence(inner.Suggestion))}";

    /// <summary>Of the code itself.</summary>
    public static CaptureException OfBody(CodeRefusal refusal) =>
        new($"The body cannot be sent to a worker: {refusal.Reason}. {refusal.Suggestion}.");

    private static CaptureException Of(string what, string name, string path, NotSendableException inner) =>
        new($"The {Describe(what, name, path, inner, Suggestion(name, inner))}", CapturePath.Join(name, path), innerException: inner);

    // A field of this that an expression uses is a variable of its own.
    private static string Suggestion(string name, NotSendableException inner) =>
        name.StartsWith("this.", StringComparison.Ordinal)
            ? $"{Sentence(inner.Suggestion)} {ThisAdvice.OfUsed(name)}"
            : Sentence(inner.Suggestion);

    private static string Describe(string what, string name, string path, NotSendableException inner, string suggestion)
    {
        var cannot = what == Result ? "cannot be sent back to the caller" : "cannot be sent to a worker";
        var where =
            path.Length == 0
                ? $" is of type '{inner.Type}', and {cannot}"
                : $" {cannot}: '{CapturePath.Join(name, path)}' is of type '{inner.Type}'";
        return $"{what}{where}: {inner.Reason.TrimEnd('.')}. {suggestion}";
    }

    private static string Sentence(string words) =>
        words.Length == 0 ? "" : $"{char.ToUpperInvariant(words[0])}{words.AsSpan(1).TrimEnd('.')}.";
}
