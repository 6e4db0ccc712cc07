using System.Buffers;
using FalServerless.Calls;
using FalServerless.Capture;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.IntegrationTests.Capture;

public class PruningTests
{
    private const int Large = 10_000_000;

    private static readonly ValueSerializer Serializer = new(TypeNames.OfThisProcess, new() { WritesDelegates = true });

    [Fact]
    public async Task WhatAnotherLambdaOfTheScopeCapturesStaysHome()
    {
        using var client = new HttpClient();
        var large = new byte[Large];
        var name = "small";
        Func<object> neighbour = () => (client, large);
        Func<string> body = () =>
        {
            return name + "!";
        };

        Assert.InRange(Size(FunctionCapture.Capture(body, takesContext: false)), 1, 100);
        Assert.Equal(
            "small!",
            await new FunctionCall(FunctionCapture.Capture(body, takesContext: false), new()).InvokeAsync<object?>(
                [],
                TestContext.Current.CancellationToken
            )
        );
        GC.KeepAlive(neighbour);
    }

    [Fact]
    public async Task ACapturedDelegateBringsTheVariablesOfItsOwnCodeAlsoIntoAClosureThatWasWrittenBefore()
    {
        var (first, second, third) = (1, 20, 300);
        Func<int> inner = () =>
        {
            return third;
        };
        Func<int> outer = () =>
        {
            return second + inner();
        };
        Func<int> body = () =>
        {
            return first + outer();
        };
        var function = FunctionCapture.Capture(body, takesContext: false);

        Assert.Equal(["first", "outer"], Used(body));
        Assert.Equal(321, await new FunctionCall(function, new()).InvokeAsync<object?>([], TestContext.Current.CancellationToken));

        // A delegate that is put into the variable later is looked at in that call.
        outer = () =>
        {
            return third * 2;
        };
        Assert.Equal(601, await new FunctionCall(function, new()).InvokeAsync<object?>([], TestContext.Current.CancellationToken));
    }

    private static string[] Used(Delegate body) =>
        [.. CaptureGuard.FieldsOf(body.Target!.GetType(), ClosureFieldUsage.None.With(body.Method)).Select(ClosureNames.Variable).Order()];

    private static int Size(CapturedFunction function)
    {
        var payload = new ArrayBufferWriter<byte>();
        Serializer.WriteAll(payload, function.Types, [.. function.Captured.Select(variable => variable.Read())], function.Use);
        return payload.WrittenCount;
    }
}
