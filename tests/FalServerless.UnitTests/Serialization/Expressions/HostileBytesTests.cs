using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Types;
using FalServerless.Tests.Shared.Expressions;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Serialization.Expressions;

public class HostileBytesTests
{
    private static readonly byte[][] Messages =
    [
        .. ExpressionForms
            .All()
            .Concat(BuiltTrees.ByName.Values)
            .Select(form => Travelled.Bytes(ClosureHoister.Hoist(form.Lambda).ToLambda())),
    ];

    // Only what is loaded already: looking for each mutated name on disk would be all that the test's time goes to.
    private static readonly Dictionary<string, Assembly> Assemblies = AppDomain
        .CurrentDomain.GetAssemblies()
        .DistinctBy(assembly => assembly.GetName().Name)
        .ToDictionary(assembly => assembly.GetName().Name!);

    private static readonly TypeNames Loaded = new(Assemblies.GetValueOrDefault);

    private static bool _trapSprung;

    [Fact]
    public void ChangedMessagesGiveALambdaOrAProtocolError()
    {
        var (lambdas, refused) = (0, 0);
        Mutation
            .Of(Messages)
            .Sample(
                120_000,
                bytes =>
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    try
                    {
                        Read(bytes);
                        lambdas++;
                    }
                    catch (ProtocolException)
                    {
                        refused++;
                    }

                    var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    Assert.True(allocated < 20_000_000, $"{allocated} bytes were allocated");
                },
                Convert.ToHexString
            );

        Assert.True(Math.Min(lambdas, refused) > (lambdas + refused) / 100, $"{lambdas} lambdas, {refused} refused");
    }

    [Fact]
    public void EveryTruncationIsAProtocolError()
    {
        foreach (var message in Messages)
        {
            for (var length = 0; length < message.Length; length += 1 + (message.Length / 50))
            {
                Assert.Throws<ProtocolException>(() => Read(message[..length]));
            }
        }
    }

    [Fact]
    public void BytesBehindTheLambdaAreAProtocolError() => Assert.Throws<ProtocolException>(() => Read([.. Messages[0], 0xc0]));

    [Fact]
    public void AMessageInManyPiecesIsReadLikeOne()
    {
        foreach (var message in Messages.Take(100))
        {
            Assert.Equal(
                message,
                Travelled.Bytes(ExpressionReader.Read(FalServerless.Tests.Shared.Wire.Messages.CutEverywhere(message), Loaded))
            );
        }
    }

    [Fact]
    public void AMessageTooDeepIsAProtocolError()
    {
        byte[] not = [0x92, (byte)ExpressionType.Not];
        byte[] bytes = [0x92, 0x90, .. Enumerable.Repeat(not, 100_000).SelectMany(part => part), 0xc3];

        Assert.Contains("deeper", Assert.Throws<ProtocolException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CountsThatEachLevelOverstatesTakeNoMemory()
    {
        byte[] level = [0xdc, 0xff, 0xff, (byte)ExpressionType.NewArrayInit, 0x09];
        byte[] bytes = [0x92, 0x90, .. Enumerable.Repeat(level, 500).SelectMany(part => part), .. Enumerable.Repeat((byte)0xc1, 70_000)];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<ProtocolException>(() => Read(bytes));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Fact]
    public void MoreParametersThanALambdaMayHaveAreRefusedOnBothSides()
    {
        var parameters = Enumerable.Range(0, TreeGuard.MaximumParameters + 1).Select(_ => Expression.Parameter(typeof(int))).ToArray();
        var lambda = Expression.Lambda(Expression.Empty(), parameters);
        byte[] bytes =
        [
            0x92,
            0xdc,
            0x04,
            0x01,
            .. Enumerable.Repeat<byte[]>([0x91, 0x09], 1025).SelectMany(part => part),
            0x92,
            (byte)ExpressionType.Default,
            0x00,
        ];

        Assert.Throws<ExpressionNotSendableException>(() => Travelled.Bytes(lambda));
        Assert.Throws<ProtocolException>(() => Read(bytes));
    }

    [Fact]
    public void ReadingRunsNothingOfTheUsers()
    {
        Expression<Func<object>> lambda = () =>
            new
            {
                Trap.Field,
                Trap.Property,
                Called = Trap.Method(),
                Made = new Trap { Text = "x" },
                Default = default(Trap),
                typeof(Trap).Name,
            };

        var there = Travelled.There(ClosureHoister.Hoist(lambda).ToLambda());

        Assert.False(_trapSprung);
        BodyCompiler.Compile(there)([]);
        Assert.True(_trapSprung);
    }

    private static LambdaExpression Read(byte[] bytes) => ExpressionReader.Read(new ReadOnlySequence<byte>(bytes), Loaded);

    internal sealed class Trap
    {
        public static readonly string Field = "field";

        static Trap() => _trapSprung = true;

        public static string Property => Field;

        public string Text { get; set; } = Method();

        public static string Method() => Field;
    }
}
