using System.Linq.Expressions;
using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless.Tests.Shared.Calls;

/// <summary>Runs a lambda of any type in a worker.</summary>
internal static class Remote
{
    public static Task<object?> CallAsync(LambdaExpression lambda, params object?[] arguments) => CallAsync(lambda, new(), arguments);

    public static Task<object?> CallAsync(LambdaExpression lambda, IsolatedOptions options, params object?[] arguments) =>
        new FunctionCall(FunctionCapture.Capture(lambda), options).InvokeAsync<object?>(arguments, TestContext.Current.CancellationToken);
}
