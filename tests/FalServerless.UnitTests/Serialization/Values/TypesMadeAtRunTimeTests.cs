using System.Linq.Expressions;
using System.Reflection;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Assemblies;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

public class TypesMadeAtRunTimeTests
{
    private static readonly Type Made = MadeAssembly.Running("MadeForValues").GetType("Made")!;
    private static readonly object One = Activator.CreateInstance(Made)!;
    private static readonly object Proxy = DispatchProxy.Create<IComparable, OwnProxy>();

    private static Type ListOfMade => typeof(List<>).MakeGenericType(Made);

    public static TheoryData<string, string> Places =>
        new()
        {
            { "object", "" },
            { "proxy", "" },
            { "in a list", "[1]" },
            { "in a field", "Held" },
            { "in an array of its own", "" },
            { "list of it", "Held" },
            { "type", "Kind" },
            { "type made of it", "Kind" },
            { "pointer type", "Kind" },
            { "type parameter", "Kind" },
            { "key", "" },
            { "in an expression", "Tree.held.Held" },
            { "named by an expression", "Tree" },
            { "function pointer type", "Kind" },
        };

    [Theory]
    [MemberData(nameof(Places))]
    public void ATypeThatNoOtherProcessHasIsRefusedWhereverItStands(string place, string path)
    {
        var error = Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(Value(place)));

        Assert.StartsWith(path, error.Path, StringComparison.Ordinal);
        Assert.Contains(
            place is "pointer type" ? "pointer"
                : place is "type parameter" or "function pointer type" ? "no name"
                : "made at run time",
            error.Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ADeclaredTypeThatWasMadeAtRunTimeIsRefused()
    {
        foreach (var declared in new[] { Made, ListOfMade, Made.MakeArrayType() })
        {
            var error = Assert.Throws<NotSendableException>(() => ValueSerializer.EnsureCanBeSent(declared));
            Assert.Contains("made at run time", error.Reason, StringComparison.Ordinal);
        }
    }

    private static object Value(string place)
    {
        var held = new Holder { Held = One };
        return place switch
        {
            "object" => One,
            "proxy" => Proxy,
            "in a list" => new List<object> { 1, One },
            "in a field" => held,
            "in an array of its own" => Array.CreateInstance(Made, 1),
            "list of it" => new Holder { Held = Activator.CreateInstance(ListOfMade) },
            "type" => new Holder { Kind = Made },
            "type made of it" => new Holder { Kind = ListOfMade },
            "pointer type" => new Holder { Kind = typeof(int*) },
            "function pointer type" => new Holder { Kind = typeof(WithFunction).GetField("Call")!.FieldType },
            "type parameter" => new Holder { Kind = typeof(List<>).GetGenericArguments()[0] },
            "key" => new Dictionary<object, int> { [One] = 1 },
            "in an expression" => new Holder { Tree = () => held.Held },
            _ => new Holder { Tree = Expression.Lambda<Func<object?>>(Expression.New(Made)) },
        };
    }

    private sealed class Holder
    {
        public object? Held;
        public Type? Kind;
        public Expression<Func<object?>>? Tree;
    }

    private unsafe struct WithFunction
    {
        public delegate* <int> Call = null;

        public WithFunction() { }
    }

    public class OwnProxy : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => 0;
    }
}
