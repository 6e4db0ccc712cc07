using System.Collections.Concurrent;

namespace FalServerless.Serialization.Values;

/// <summary>Asks of a declared type alone whether any value of it could travel, so that the answer comes before the first call.</summary>
internal static class DeclaredTypes
{
    private static readonly FormatterResolver Formatters = new();
    private static readonly ConcurrentDictionary<Type, CannotTravelException?> Verdicts = new();

    public static void EnsureCanTravel(Type declared)
    {
        if (Verdicts.GetOrAdd(declared, static type => Verdict(type)) is { } refused)
        {
            throw refused.At(0);
        }
    }

    private static CannotTravelException? Verdict(Type type)
    {
        try
        {
            if (Formatters.For(type) is IRefusedFormatter refused)
            {
                return refused.TravelRefusal.For(type);
            }
        }
        catch (CannotTravelException e)
        {
            return e;
        }

        return Parts(type).Select(Verdict).FirstOrDefault(refused => refused is not null);
    }

    // An empty list of streams could travel, but nobody declares a list to leave it empty.
    private static Type[] Parts(Type type) =>
        type.IsArray ? [type.GetElementType()!]
        : type.IsConstructedGenericType && FrameworkTypes.Contains(type) ? type.GetGenericArguments()
        : [];
}
