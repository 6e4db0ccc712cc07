using System.Buffers;
using System.Linq.Expressions;
using FalServerless.Calls;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FalServerless.UnitTests.Serialization.Methods;

public class HostileBodiesTests
{
    private static readonly Expression Context = Expression.Constant(null, typeof(IsolatedContext));

    [Fact]
    public void ForgedBodiesAreRefused()
    {
        var count = 5;
        Func<int, int> add = x => x + count;
        var bytes = Write(add.GetType(), takesContext: false, new BodyCall(add.Method, add.Target!.GetType()));

        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var forged in new byte[] { 0, 1, 0x7f, 0x80, 0x92, 0x94, 0xa0, 0xc0, 0xc3, 0xc4, 0xff })
            {
                byte[] changed = [.. bytes];
                changed[i] = forged;
                var error = Record.Exception(() => Read(changed));
                Assert.True(error is null or ProtocolException, $"Byte {i} as {forged:x2} gives {error}");
            }

            Assert.Throws<ProtocolException>(() => Read(bytes[..i]));
        }

        Assert.Throws<ProtocolException>(() => Read([.. bytes, 0]));
    }

    [Fact]
    public void ABodyThatDoesNotFitItsTypeIsRefused()
    {
        Func<int, int> add = x => x + 1;
        var call = new BodyCall(add.Method, add.Target!.GetType());

        Assert.Contains("is no delegate", Refused(Write(typeof(string), takesContext: false, call)), StringComparison.Ordinal);
        Assert.Contains("takes no context", Refused(Write(add.GetType(), takesContext: true, call)), StringComparison.Ordinal);
        Assert.Contains("takes 1 arguments, not 0", Refused(Write(typeof(Func<int>), takesContext: false, call)), StringComparison.Ordinal);
        Refused(Write(typeof(Func<string, string>), takesContext: false, call));
        Refused(Write(typeof(Func<>), takesContext: false, call));
    }

    [Fact]
    public void TheContextIsFilledIn()
    {
        var context = new IsolatedContext(new Facts());
        Func<IsolatedContext, string, string> body = (ctx, name) => ctx.DataPath + name;
        var bytes = Write(body.GetType(), takesContext: true, new BodyCall(body.Method, body.Target!.GetType()));

        var lambda = DelegateBody.Read(new(bytes), TypeNames.OfThisProcess, Expression.Constant(context));

        Assert.Equal(typeof(string), Assert.Single(lambda.Parameters).Type);
        Assert.Equal("/data/x", BodyCompiler.Compile(lambda)(["/x"]));
    }

    private static byte[] Write(Type type, bool takesContext, BodyCall call)
    {
        var output = new ArrayBufferWriter<byte>();
        DelegateBody.Write(output, type, takesContext, [call]);
        return output.WrittenSpan.ToArray();
    }

    private static string Refused(byte[] bytes) => Assert.Throws<ProtocolException>(() => Read(bytes)).Message;

    private static LambdaExpression Read(byte[] bytes) =>
        DelegateBody.Read(new ReadOnlySequence<byte>(bytes), TypeNames.OfThisProcess, Context);

    private sealed class Facts : CallFacts
    {
        public override CancellationToken CancellationToken => default;

        public override Guid InvocationId => Guid.Empty;

        public override MachineType MachineType => MachineType.XS;

        public override string DataPath => "/data";

        public override ILogger Logger => NullLogger.Instance;
    }
}
