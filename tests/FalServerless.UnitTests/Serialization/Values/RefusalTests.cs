using System.Buffers;
using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

public class RefusalTests
{
    public static TheoryData<Type, string> Impossible =>
        new()
        {
            { typeof(CancellationToken), "InvokeAsync" },
            { typeof(CancellationTokenSource), "ctx.CancellationToken" },
            { typeof(Microsoft.Extensions.Logging.ILogger), "ctx.Logger" },
            { typeof(Microsoft.Extensions.Logging.ILogger<string>), "ctx.Logger" },
            { typeof(IsolatedContext), "first parameter" },
            { typeof(HttpClient), "Create the HttpClient inside the body" },
            { typeof(Stream), "byte[]" },
            { typeof(FileStream), "byte[]" },
            { typeof(Task<int>), "Await it first" },
            { typeof(ValueTask<int>), "Await it first" },
            { typeof(Thread), "Start it inside the body" },
            { typeof(Timer), "Start it inside the body" },
            { typeof(SafeHandle), "open it inside the body" },
            { typeof(nint), "Use long" },
            { typeof(nuint), "Use long" },
            { typeof(int*), "Use long" },
            { typeof(System.Reflection.MethodInfo), "look it up inside the body" },
            { typeof(ThreadLocal<int>), "Pass its Value" },
            { typeof(WeakReference), "Pass the target" },
            { typeof(WeakReference<string>), "Pass the target" },
            { typeof(IServiceProvider), "inside the body" },
            { typeof(DbConnection), "connection string" },
            { typeof(System.Diagnostics.Process), "inside the body" },
            { typeof(Span<int>), "Memory<T>" },
            { typeof(Random), "make it inside the body" },
            { typeof(List<Stream>), "byte[]" },
            { typeof(Dictionary<string, Task[]>), "Await it first" },
            { typeof(Vast), "Make it a class" },
        };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void ADeclaredTypeThatCannotBeSentIsRefusedWithASuggestion(Type type, string suggestion)
    {
        var error = Assert.Throws<NotSendableException>(() => ValueSerializer.EnsureCanBeSent(type));
        Assert.Contains(suggestion, error.Suggestion, StringComparison.Ordinal);
        Assert.Contains(error.Suggestion, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(object))]
    [InlineData(typeof(IEnumerable<string>))]
    [InlineData(typeof(IComparable))]
    [InlineData(typeof(Delegate))]
    [InlineData(typeof(Func<Stream, Task<int>>))]
    [InlineData(typeof(Dictionary<string, List<Holder>>))]
    [InlineData(typeof((int, Holder[,])))]
    public void OtherDeclaredTypesMayTravel(Type type) => ValueSerializer.EnsureCanBeSent(type);

    [Fact]
    public void AValueThatCannotBeSentIsNamedByItsPath()
    {
        var orders = new
        {
            Orders = new List<object>
            {
                1,
                new Holder { Clients = new() { ["main"] = new HttpClient() } },
            },
        };
        for (var i = 0; i < Travel.Rounds; i++)
        {
            var error = Assert.Throws<NotSendableException>(() => Travel.Bytes(orders));
            Assert.Equal("Orders[1].Clients[\"main\"]", error.Path);
            Assert.Equal(typeof(HttpClient), error.Type);
            Assert.Contains("'Orders[1].Clients[\"main\"]'", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("", Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(new HttpClient())).Path);
        Assert.Equal("Callback", Assert.Throws<NotSendableException>(() => Travel.Bytes(new Holder { Callback = () => { } })).Path);
        Assert.Equal(
            "[1]",
            Assert
                .Throws<NotSendableException>(() =>
                    Travel.Bytes(
                        new object[,]
                        {
                            { 1, Task.CompletedTask },
                        }
                    )
                )
                .Path
        );
    }

    [Fact]
    public void NullsInFieldsThatCannotBeSentAreFine()
    {
        var there = Travel.RoundTrip(new Holder());
        Assert.Null(there.Callback);
        Assert.Null(there.Clients);
    }

    [Fact]
    public void AnArgumentThatCannotBeSentIsNamedByItsIndex()
    {
        var error = Assert.Throws<NotSendableException>(() =>
            Travel.Serializer.WriteAll(
                new ArrayBufferWriter<byte>(),
                [typeof(int), typeof(object)],
                [1, new object[] { new MemoryStream() }]
            )
        );
        Assert.Equal((1, "[0]"), (error.Index, error.Path));
    }

    [Fact]
    public void TheStateOfFrameworkTypesIsNeverDumped()
    {
        Assert.Contains(
            "Random",
            Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(new Random(1))).Reason,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "SortedSet",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(new OwnSet())).Reason,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "comparer",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(new SortedSet<int>(Comparer<int>.Create((x, y) => y - x)))).Reason,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(1024)]
    public void DeepValuesDoNotEndTheStackOfASmallThread(int kilobytes)
    {
        object? deep = null;
        for (var i = 0; i < 256; i++)
        {
            deep = new Dictionary<string, object?> { ["x"] = deep };
        }

        var bytes = Travel.Bytes(deep);
        var (wrote, read) = (true, true);
        var thread = new Thread(
            () =>
            {
                wrote = Travel.Bytes<object>(new[] { deep }).Length > bytes.Length;
                read = Record.Exception(() => Travel.Read([.. bytes[..^1], 0xc1], typeof(object))) is ProtocolException;
            },
            kilobytes * 1024
        );
        thread.Start();
        thread.Join();
        Assert.True(wrote && read);
    }

    [Fact]
    public void ALazySequenceIsRefusedWhereUserCodeMustNotRun()
    {
        var serializer = new ValueSerializer(TypeNames.OfThisProcess, new() { RunsLazySequences = false });
        var query = new[] { 1 }.Select<int, int>(_ => throw new InvalidOperationException("The query ran."));
        var error = Assert.Throws<NotSendableException>(() =>
            serializer.Write(new ArrayBufferWriter<byte>(), typeof(IEnumerable<int>), query)
        );
        Assert.Contains("ToList", error.Suggestion, StringComparison.Ordinal);

        IReadOnlyList<int> expression = [1, 2];
        serializer.Write(new ArrayBufferWriter<byte>(), typeof(IReadOnlyList<int>), expression);
        serializer.Write(new ArrayBufferWriter<byte>(), typeof(IEnumerable<string>), new Dictionary<string, int> { ["a"] = 1 }.Keys);
    }

    [Fact]
    public void AnEndlessSequenceIsGivenUp()
    {
        var serializer = new ValueSerializer(TypeNames.OfThisProcess, new() { MaximumItems = 1000 });
        var error = Assert.Throws<NotSendableException>(() =>
            serializer.Write(new ArrayBufferWriter<byte>(), typeof(IEnumerable<int>), Endless())
        );
        Assert.Contains("Take", error.Suggestion, StringComparison.Ordinal);

        static IEnumerable<int> Endless()
        {
            for (var i = 0; ; i++)
            {
                yield return i;
            }
        }
    }

    [Fact]
    public void ShapesThatWouldLoseDataAreRefused()
    {
        Assert.Contains(
            "array",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(default(Inline))).Suggestion,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "array",
            Assert.Throws<NotSendableException>(() => Travel.Bytes(default(WithFixedBuffer))).Suggestion,
            StringComparison.Ordinal
        );
    }

    public sealed class Holder
    {
        public Dictionary<string, HttpClient>? Clients;
        public Action? Callback;
    }

    private sealed class OwnSet : SortedSet<int>;

    [InlineArray(4)]
    private struct Inline
    {
        public int First;
    }

    [InlineArray(1000)]
    private struct Vast
    {
        public long First;
    }

    private unsafe struct WithFixedBuffer
    {
        public fixed byte Buffer[16];
    }
}
