using System.Collections.Immutable;
using System.Globalization;
using System.Linq.Expressions;
using System.Numerics;

namespace FalServerless.Serialization.Types;

/// <summary>
/// Types so common that a number replaces their name. The numbers are part of the protocol: append, never reorder or reuse.
/// </summary>
internal static class WellKnownTypes
{
    private static readonly Type[] ByCode =
    [
        typeof(void),
        typeof(object),
        typeof(string),
        typeof(bool),
        typeof(char),
        typeof(sbyte),
        typeof(byte),
        typeof(short),
        typeof(ushort),
        typeof(int),
        typeof(uint),
        typeof(long),
        typeof(ulong),
        typeof(float),
        typeof(double),
        typeof(decimal),
        typeof(nint),
        typeof(nuint),
        typeof(Half),
        typeof(Int128),
        typeof(UInt128),
        typeof(BigInteger),
        typeof(Complex),
        typeof(DateTime),
        typeof(DateTimeOffset),
        typeof(TimeSpan),
        typeof(DateOnly),
        typeof(TimeOnly),
        typeof(Guid),
        typeof(Uri),
        typeof(Version),
        typeof(Type),
        typeof(CultureInfo),
        typeof(Math),
        typeof(Convert),
        typeof(Enumerable),
        typeof(Queryable),
        typeof(Console),
        typeof(Environment),
        typeof(Array),
        typeof(Enum),
        typeof(Exception),
        typeof(Delegate),
        typeof(Nullable<>),
        typeof(List<>),
        typeof(Dictionary<,>),
        typeof(HashSet<>),
        typeof(KeyValuePair<,>),
        typeof(IEnumerable<>),
        typeof(ICollection<>),
        typeof(IList<>),
        typeof(IReadOnlyCollection<>),
        typeof(IReadOnlyList<>),
        typeof(IDictionary<,>),
        typeof(IReadOnlyDictionary<,>),
        typeof(IQueryable<>),
        typeof(IOrderedEnumerable<>),
        typeof(IGrouping<,>),
        typeof(Func<>),
        typeof(Func<,>),
        typeof(Func<,,>),
        typeof(Func<,,,>),
        typeof(Func<,,,,>),
        typeof(Action),
        typeof(Action<>),
        typeof(Action<,>),
        typeof(Action<,,>),
        typeof(Action<,,,>),
        typeof(Tuple<>),
        typeof(Tuple<,>),
        typeof(Tuple<,,>),
        typeof(ValueTuple<>),
        typeof(ValueTuple<,>),
        typeof(ValueTuple<,,>),
        typeof(ValueTuple<,,,>),
        typeof(Expression<>),
        typeof(ImmutableArray<>),
        typeof(ImmutableList<>),
        typeof(ImmutableDictionary<,>),
        typeof(ImmutableHashSet<>),
        typeof(Span<>),
        typeof(ReadOnlySpan<>),
        typeof(Memory<>),
        typeof(ReadOnlyMemory<>),
        typeof(MemoryExtensions),
        typeof(Task),
        typeof(Task<>),
        typeof(ValueTask),
        typeof(ValueTask<>),
        typeof(CancellationToken),
        typeof(DayOfWeek),
        typeof(StringComparison),
    ];

    private static readonly Dictionary<Type, int> Codes = ByCode.Index().ToDictionary(pair => pair.Item, pair => pair.Index);

    public static int Count => ByCode.Length;

    public static bool TryGetCode(Type type, out int code) => Codes.TryGetValue(type, out code);

    public static Type FromCode(int code) =>
        (uint)code < (uint)ByCode.Length ? ByCode[code] : throw new ProtocolException($"No type has the number {code}.");
}
