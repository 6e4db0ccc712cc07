using System.Linq.Expressions;
using FalServerless.Capture;
using FalServerless.Serialization.Expressions;
using FalServerless.Tests.Shared.Calls;

namespace FalServerless.IntegrationTests.Capture;

public class CaptureGuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AValueThatOnlyTheCallKnowsIsRefusedThere()
    {
        object hidden = 5;
        var captured = Isolated.Create(() => hidden.ToString());
        Assert.Equal("5", await captured.InvokeAsync(Token));

        hidden = new object[] { 1, new Holder(Stream.Null) };

        var error = await Assert.ThrowsAsync<CaptureException>(() => captured.InvokeAsync(Token));
        Assert.Equal("hidden[1].Held", error.Path);
        Assert.Contains("captured variable 'hidden'", error.Message);
        Assert.Contains("byte[]", error.Message);
        var input = Isolated.Create((object value) => value.ToString());
        Assert.Contains("input 'value'", (await Assert.ThrowsAsync<CaptureException>(() => input.InvokeAsync(Stream.Null, Token))).Message);
        hidden = 6;
        Assert.Equal("6", await captured.InvokeAsync(Token));
    }

    [Fact]
    public async Task TheDeepestExpressionThatIsNotRefusedRunsInAWorker()
    {
        var depth = TreeGuard.MaximumDepth;
        LambdaExpression? lambda = null;
        for (; lambda is null; depth--)
        {
            try
            {
                var candidate = Expression.Lambda(Deep(depth));
                FunctionCapture.Capture(candidate);
                lambda = candidate;
            }
            catch (CaptureException) { }
        }

        Assert.InRange(depth, TreeGuard.MaximumDepth - 10, TreeGuard.MaximumDepth);
        Assert.Equal(depth + 1, await Remote.CallAsync(lambda));
    }

    private static Expression Deep(int depth)
    {
        Expression body = Expression.Constant(0);
        for (var i = 0; i < depth; i++)
        {
            body = Expression.Add(body, Expression.Constant(1));
        }

        return body;
    }

    internal sealed record Holder(object Held);
}
