using System.Collections.Concurrent;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>Asks of a declared type alone whether any value of it could be sent, so that the answer comes before the first call.</summary>
internal static class DeclaredTypes
{
    private static readonly FormatterResolver Formatters = new();
    private static readonly ConcurrentDictionary<(Type, bool), NotSendableException?> Verdicts = new();

    public static void EnsureCanBeSent(Type declared, bool isResult)
    {
        if (Verdicts.GetOrAdd((declared, isResult), static key => Verdict(key.Item1, key.Item2)) is { } refused)
        {
            throw refused.At(0);
        }
    }

    private static NotSendableException? Verdict(Type type, bool isResult)
    {
        if (type.IsAssignableTo(typeof(Delegate)) || CachedFormatters.Holds(type))
        {
            return isResult ? Refusals.DelegateBack.For(type) : null;
        }

        try
        {
            if (Formatters.For(type) is IRefusedFormatter refused)
            {
                return refused.Refusal.For(type);
            }
        }
        catch (NotSendableException e)
        {
            return e;
        }

        return Parts(type, isResult).Select(part => Verdict(part, isResult)).FirstOrDefault(refused => refused is not null);
    }

    // An empty list of streams could be sent, but a list is rarely declared to stay empty. A lazy value that is still to be made is sent
    // to a worker without it.
    private static Type[] Parts(Type type, bool isResult) =>
        type.IsArray ? [type.GetElementType()!]
        : !isResult && type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Lazy<>) ? []
        : type.IsConstructedGenericType && FrameworkTypes.Contains(type) && !ExpressionFormatters.Holds(type) ? type.GetGenericArguments()
        : [];
}
