using System.Linq.Expressions;
using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless;

/// <summary>
/// Makes functions that run in an isolated worker. The lambda's code and the variables that it captures are sent; captured variables are
/// read at each call, and what the worker changes in them does not come back.
/// </summary>
/// <remarks>
/// <c>Create</c> takes expression lambdas, <c>async</c> lambdas, method groups, delegates, and lambdas whose first parameter is an
/// <see cref="IsolatedContext"/>. Any other block <c>() => { … }</c> is given to <c>FromDelegate</c>: for <c>Create</c> the compiler takes
/// it for an expression, and refuses it (CS0834).
/// </remarks>
public static partial class Isolated
{
    private static TFunction Prepare<TFunction>(
        LambdaExpression body,
        IsolatedOptions? options,
        Func<CapturedFunction, IsolatedOptions, TFunction> create
    )
        where TFunction : IIsolatedFunction
    {
        ArgumentNullException.ThrowIfNull(body);
        return Prepare(() => FunctionCapture.Capture(body), options, create);
    }

    private static TFunction Prepare<TFunction>(
        Delegate body,
        bool takesContext,
        IsolatedOptions? options,
        Func<CapturedFunction, IsolatedOptions, TFunction> create
    )
        where TFunction : IIsolatedFunction
    {
        ArgumentNullException.ThrowIfNull(body);
        return Prepare(() => FunctionCapture.Capture(body, takesContext), options, create);
    }

    private static TFunction Prepare<TFunction>(
        Func<CapturedFunction> capture,
        IsolatedOptions? options,
        Func<CapturedFunction, IsolatedOptions, TFunction> create
    )
        where TFunction : IIsolatedFunction
    {
        options ??= new();

        // The host's start takes longest: it begins before the capture.
        (options.Host ?? FalHost.Default).Prepare();
        var function = capture();
        function.Prepare();
        return create(function, options);
    }
}
