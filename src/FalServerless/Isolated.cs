using System.Linq.Expressions;
using FalServerless.Capture;

namespace FalServerless;

/// <summary>
/// Makes functions that run in an isolated worker. The lambda's code and the variables that it captures travel; captured variables are read
/// at each call, and what the worker changes in them does not come back.
/// </summary>
public static class Isolated
{
    /// <summary>A function whose body is an expression.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedFunction<TResult> Create<TResult>(Expression<Func<TResult>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedFunction<TResult>(function, options));

    /// <summary>A function of one input whose body is an expression.</summary>
    /// <typeparam name="T">The type of the only input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedFunction<T, TResult> Create<T, TResult>(Expression<Func<T, TResult>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedFunction<T, TResult>(function, options));

    /// <summary>A function of two inputs whose body is an expression.</summary>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedFunction<T1, T2, TResult> Create<T1, T2, TResult>(Expression<Func<T1, T2, TResult>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedFunction<T1, T2, TResult>(function, options));

    /// <summary>A function of three inputs whose body is an expression.</summary>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedFunction<T1, T2, T3, TResult> Create<T1, T2, T3, TResult>(Expression<Func<T1, T2, T3, TResult>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedFunction<T1, T2, T3, TResult>(function, options));

    /// <summary>A function of four inputs whose body is an expression.</summary>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="T4">The type of the fourth input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedFunction<T1, T2, T3, T4, TResult> Create<T1, T2, T3, T4, TResult>(Expression<Func<T1, T2, T3, T4, TResult>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedFunction<T1, T2, T3, T4, TResult>(function, options));

    /// <summary>A function whose body is an expression without a result.</summary>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedAction Create(Expression<Action> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedAction(function, options));

    /// <summary>A function of one input whose body is an expression without a result.</summary>
    /// <typeparam name="T">The type of the only input.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedAction<T> Create<T>(Expression<Action<T>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedAction<T>(function, options));

    /// <summary>A function of two inputs whose body is an expression without a result.</summary>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedAction<T1, T2> Create<T1, T2>(Expression<Action<T1, T2>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedAction<T1, T2>(function, options));

    /// <summary>A function of three inputs whose body is an expression without a result.</summary>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedAction<T1, T2, T3> Create<T1, T2, T3>(Expression<Action<T1, T2, T3>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedAction<T1, T2, T3>(function, options));

    /// <summary>A function of four inputs whose body is an expression without a result.</summary>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="T4">The type of the fourth input.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never travel; the message names it and the way out.</exception>
    public static IsolatedAction<T1, T2, T3, T4> Create<T1, T2, T3, T4>(Expression<Action<T1, T2, T3, T4>> body, IsolatedOptions? options = null) =>
        Prepare(body, options, static (function, options) => new IsolatedAction<T1, T2, T3, T4>(function, options));

    private static TFunction Prepare<TFunction>(LambdaExpression body, IsolatedOptions? options, Func<CapturedFunction, IsolatedOptions, TFunction> create)
        where TFunction : IsolatedTarget<TFunction>
    {
        ArgumentNullException.ThrowIfNull(body);
        options ??= new();

        // The host's start takes longest: it begins before the capture.
        (options.Host ?? FalHost.Local).Prepare();
        var function = FunctionCapture.Capture(body);
        function.Prepare();
        return create(function, options);
    }
}
