using System.Runtime.CompilerServices;

namespace FalServerless;

public static partial class Isolated
{
    /// <summary>
    /// A function whose body is asynchronous: an <c>async</c> lambda, or a method that returns a task. It is awaited in the worker.
    /// </summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never be sent; the message names it and says what to do
    /// instead.</exception>
    [OverloadResolutionPriority(2)]
    public static IsolatedFunction<TResult> Create<TResult>(Func<Task<TResult>> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedFunction<TResult>(function, options));

    /// <inheritdoc cref="Create{TResult}(Func{Task{TResult}}, IsolatedOptions?)"/>
    /// <typeparam name="T">The type of the only input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    [OverloadResolutionPriority(2)]
    public static IsolatedFunction<T, TResult> Create<T, TResult>(Func<T, Task<TResult>> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedFunction<T, TResult>(function, options));

    /// <inheritdoc cref="Create{TResult}(Func{Task{TResult}}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    [OverloadResolutionPriority(2)]
    public static IsolatedFunction<T1, T2, TResult> Create<T1, T2, TResult>(
        Func<T1, T2, Task<TResult>> body,
        IsolatedOptions? options = null
    ) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedFunction<T1, T2, TResult>(function, options));

    /// <inheritdoc cref="Create{TResult}(Func{Task{TResult}}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    [OverloadResolutionPriority(2)]
    public static IsolatedFunction<T1, T2, T3, TResult> Create<T1, T2, T3, TResult>(
        Func<T1, T2, T3, Task<TResult>> body,
        IsolatedOptions? options = null
    ) =>
        Prepare(
            body,
            takesContext: false,
            options,
            static (function, options) => new IsolatedFunction<T1, T2, T3, TResult>(function, options)
        );

    /// <inheritdoc cref="Create{TResult}(Func{Task{TResult}}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="T4">The type of the fourth input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    [OverloadResolutionPriority(2)]
    public static IsolatedFunction<T1, T2, T3, T4, TResult> Create<T1, T2, T3, T4, TResult>(
        Func<T1, T2, T3, T4, Task<TResult>> body,
        IsolatedOptions? options = null
    ) =>
        Prepare(
            body,
            takesContext: false,
            options,
            static (function, options) => new IsolatedFunction<T1, T2, T3, T4, TResult>(function, options)
        );

    /// <summary>
    /// A function without a result whose body is asynchronous: an <c>async</c> lambda, or a method that returns a task. It is awaited in
    /// the worker.
    /// </summary>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never be sent; the message names it and says what to do
    /// instead.</exception>
    [OverloadResolutionPriority(2)]
    public static IsolatedAction Create(Func<Task> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction(function, options));

    /// <inheritdoc cref="Create(Func{Task}, IsolatedOptions?)"/>
    /// <typeparam name="T">The type of the only input.</typeparam>
    [OverloadResolutionPriority(2)]
    public static IsolatedAction<T> Create<T>(Func<T, Task> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction<T>(function, options));

    /// <inheritdoc cref="Create(Func{Task}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    [OverloadResolutionPriority(2)]
    public static IsolatedAction<T1, T2> Create<T1, T2>(Func<T1, T2, Task> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction<T1, T2>(function, options));

    /// <inheritdoc cref="Create(Func{Task}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    [OverloadResolutionPriority(2)]
    public static IsolatedAction<T1, T2, T3> Create<T1, T2, T3>(Func<T1, T2, T3, Task> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction<T1, T2, T3>(function, options));

    /// <inheritdoc cref="Create(Func{Task}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="T4">The type of the fourth input.</typeparam>
    [OverloadResolutionPriority(2)]
    public static IsolatedAction<T1, T2, T3, T4> Create<T1, T2, T3, T4>(Func<T1, T2, T3, T4, Task> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction<T1, T2, T3, T4>(function, options));
}
