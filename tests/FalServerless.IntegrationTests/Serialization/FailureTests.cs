using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using FalServerless.Hosts;

namespace FalServerless.IntegrationTests.Serialization;

public class FailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnExceptionArrivesWithItsTypeMessageAndInnerOnes()
    {
        var error = await ThrownAsync<InvalidOperationException>(() =>
            Throw(new InvalidOperationException("outer", new FormatException("inner", new OverflowException("innermost"))))
        );

        Assert.Equal("outer", error.Message);
        Assert.Equal("inner", Assert.IsType<FormatException>(error.InnerException).Message);
        Assert.Equal("innermost", Assert.IsType<OverflowException>(error.InnerException!.InnerException).Message);
    }

    [Fact]
    public async Task AnAggregateArrivesWithAllItsExceptions()
    {
        var error = await ThrownAsync<AggregateException>(() =>
            Throw(new AggregateException("several", new FormatException("one"), new OwnException("two", 2)))
        );

        Assert.Equal("several (one) (two)", error.Message);
        Assert.Equal([typeof(FormatException), typeof(OwnException)], error.InnerExceptions.Select(inner => inner.GetType()));
        Assert.Equal(2, Assert.IsType<OwnException>(error.InnerExceptions[1]).State);
    }

    [Fact]
    public async Task DataHelpLinkAndHResultArrive()
    {
        var error = await ThrownAsync<InvalidOperationException>(() => ThrowWithData());

        Assert.Equal(5, error.Data["number"]);
        Assert.Equal([1, 2], Assert.IsType<List<int>>(error.Data["list"]));
        Assert.Equal("https://example.org/help", error.HelpLink);
        Assert.Equal(unchecked((int)0x80131234), error.HResult);
    }

    [Fact]
    public async Task AnArgumentExceptionKeepsItsParameterName()
    {
        var error = await ThrownAsync<ArgumentOutOfRangeException>(() => Throw(new ArgumentOutOfRangeException("count", 7, "Too many.")));

        Assert.Equal("count", error.ParamName);
        Assert.Equal(7, error.ActualValue);
        Assert.StartsWith("Too many. (Parameter 'count')", error.Message);
    }

    [Fact]
    public async Task AnExceptionOfTheUsersOwnKeepsItsState()
    {
        Assert.Equal(
            ("own", 5),
            await ThrownAsync<OwnException>(() => Throw(new OwnException("own", 5))) is var own ? (own.Message, own.State) : default
        );
        var silent = await ThrownAsync<WithoutMessageConstructor>(() => Throw(new WithoutMessageConstructor(7)));
        Assert.Equal((7, "Number 7"), (silent.Number, silent.Message));
    }

    [Fact]
    public async Task AnExceptionOfATypeThatThisSideLacksArrivesAsRemoteExceptionWithItsName()
    {
        var error = await ThrownAsync<RemoteException>(() => ThrowMadeAtRunTime());

        Assert.Equal("Made.AtRunTime", error.TypeName);
        Assert.Equal("only there", error.Message);
        Assert.IsType<FormatException>(error.InnerException);
    }

    [Fact]
    public async Task TheStackNamesTheRemoteMethodAndItsLineAndNoMachinery()
    {
        var error = await ThrownAsync<InvalidOperationException>(() => Throw(new InvalidOperationException()));

        Assert.Matches($@"{nameof(FailureTests)}\.{nameof(Throw)}\(.*FailureTests\.cs:line \d+", error.StackTrace);
        Assert.Contains(nameof(IsolatedFunction<>.InvokeAsync), error.StackTrace);
        Assert.DoesNotContain("FalServerless.Worker.", error.StackTrace);
    }

    [Fact]
    public async Task WhatCannotBeSentOfAnExceptionStaysBehind()
    {
        var error = await ThrownAsync<InvalidOperationException>(() => ThrowWithStream());

        Assert.Equal("with a stream", error.Message);
        Assert.Equal(1, error.Data["number"]);
        Assert.Null(error.Data["stream"]);
    }

    [Fact]
    public async Task AnExceptionWhoseOwnMembersThrowArrivesNevertheless()
    {
        var malicious = await ThrownAsync<RemoteException>(() => Throw(new Malicious()));
        Assert.Equal(typeof(Malicious).FullName, malicious.TypeName);
        Assert.Contains("its getter threw System.NotSupportedException", malicious.ToString(), StringComparison.Ordinal);
        var lazy = await Assert.ThrowsAnyAsync<Exception>(() => Isolated.Create(() => Throw(new WithLazySequence())).InvokeAsync(Token));
        Assert.Equal("lazy", Assert.IsType<WithLazySequence>(lazy).Message);
    }

    [Fact]
    public async Task ManyInnerExceptionsAndDeepOnesArriveCut()
    {
        var deep = await ThrownAsync<InvalidOperationException>(() => ThrowDeep(1000));
        var depth = 0;
        for (Exception? at = deep; at is not null; at = at.InnerException)
        {
            depth++;
        }

        Assert.Equal(103, depth);
        var wide = await ThrownAsync<AggregateException>(() => ThrowWide(2000));
        Assert.Equal(1000, wide.InnerExceptions.Count);
    }

    [Fact]
    public async Task AResultThatCannotBeSentIsRefusedByName()
    {
        var error = await ThrownAsync<CaptureException>(() => (object)Stream.Null);

        Assert.Contains("result", error.Message);
        Assert.Contains("Stream", error.Message);
        Assert.Contains("byte[]", error.Message);
    }

    [Fact]
    public async Task AnExceptionOfALazyResultIsTheCalls()
    {
        var error = await ThrownAsync<DivideByZeroException>(() => Enumerable.Range(0, 3).Select(i => Divide(i)));

        Assert.Contains(nameof(Divide), error.StackTrace);
        Assert.DoesNotContain("FalServerless.Serialization.Values", error.StackTrace);
    }

    [Fact]
    public async Task AfterEachFailureTheWorkerStillServes()
    {
        // On a host of its own: elsewhere an idle worker gives way when calls of other tests need its room.
        using var host = new LocalHost();
        var options = new IsolatedOptions
        {
            Host = host,
            MachineType = "S",
            MaxWorkers = 46,
        };
        var process = await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token);
        foreach (var number in Enumerable.Range(0, 5))
        {
            await Assert.ThrowsAsync<OwnException>(() =>
                Isolated.Create(() => Throw(new OwnException("own", number)), options).InvokeAsync(Token)
            );
        }

        Assert.Equal(process, await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token));
    }

    private static async Task<TException> ThrownAsync<TException>(System.Linq.Expressions.Expression<Func<object?>> body)
        where TException : Exception => await Assert.ThrowsAsync<TException>(() => Isolated.Create(body).InvokeAsync(Token));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Divide(int by) => 1 / by;

    private static object? Throw(Exception exception) => throw exception;

    private static object? ThrowWithData() =>
        throw new InvalidOperationException("with data")
        {
            Data =
            {
                ["number"] = 5,
                ["list"] = new List<int> { 1, 2 },
            },
            HelpLink = "https://example.org/help",
            HResult = unchecked((int)0x80131234),
        };

    private static object? ThrowWithStream() =>
        throw new InvalidOperationException("with a stream") { Data = { ["stream"] = Stream.Null, ["number"] = 1 } };

    private static object? ThrowDeep(int depth)
    {
        var exception = new InvalidOperationException("innermost");
        for (var i = 0; i < depth; i++)
        {
            exception = new InvalidOperationException($"level {i}", exception);
        }

        throw exception;
    }

    private static object? ThrowWide(int count) =>
        throw new AggregateException(Enumerable.Range(0, count).Select(i => new FormatException($"{i}")));

    private static object? ThrowMadeAtRunTime()
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Made"), AssemblyBuilderAccess.Run).DefineDynamicModule("Made");
        var type = module.DefineType("Made.AtRunTime", TypeAttributes.Public, typeof(Exception));
        Type[] parameters = [typeof(string), typeof(Exception)];
        var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(Exception).GetConstructor(parameters)!);
        il.Emit(OpCodes.Ret);
        throw (Exception)Activator.CreateInstance(type.CreateType(), "only there", new FormatException())!;
    }

    internal sealed class OwnException(string message, int state) : Exception(message)
    {
        public int State { get; } = state;
    }

    internal sealed class WithoutMessageConstructor(int number) : Exception
    {
        public int Number { get; } = number;

        public override string Message => $"Number {Number}";
    }

    internal sealed class Malicious : Exception
    {
        public override string Message => throw new NotSupportedException("message");

        public override string? StackTrace => throw new NotSupportedException("stack");

        public override System.Collections.IDictionary Data => throw new NotSupportedException("data");

        public override string? HelpLink => throw new NotSupportedException("help");
    }

    internal sealed class WithLazySequence() : Exception("lazy")
    {
        public IEnumerable<int> Numbers { get; } = Enumerable.Range(0, 3).Select(i => 1 / i);
    }
}
