namespace FalServerless;

public static partial class Isolated
{
    /// <summary>A function whose body is a method or a delegate.</summary>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <returns>
    /// The function. Where the body gives a stream (<see cref="IAsyncEnumerable{T}"/>), calling it gives one whose items are made in the
    /// worker while they are read.
    /// </returns>
    /// <exception cref="CaptureException">Something in the body can never be sent; the message names it and says what to do
    /// instead.</exception>
    public static IsolatedFunction<TResult> Create<TResult>(Func<TResult> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedFunction<TResult>(function, options));

    /// <inheritdoc cref="Create{TResult}(Func{TResult}, IsolatedOptions?)"/>
    /// <typeparam name="T">The type of the only input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static IsolatedFunction<T, TResult> Create<T, TResult>(Func<T, TResult> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedFunction<T, TResult>(function, options));

    /// <inheritdoc cref="Create{TResult}(Func{TResult}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static IsolatedFunction<T1, T2, TResult> Create<T1, T2, TResult>(Func<T1, T2, TResult> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedFunction<T1, T2, TResult>(function, options));

    /// <inheritdoc cref="Create{TResult}(Func{TResult}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static IsolatedFunction<T1, T2, T3, TResult> Create<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> body,
        IsolatedOptions? options = null
    ) =>
        Prepare(
            body,
            takesContext: false,
            options,
            static (function, options) => new IsolatedFunction<T1, T2, T3, TResult>(function, options)
        );

    /// <inheritdoc cref="Create{TResult}(Func{TResult}, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="T4">The type of the fourth input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static IsolatedFunction<T1, T2, T3, T4, TResult> Create<T1, T2, T3, T4, TResult>(
        Func<T1, T2, T3, T4, TResult> body,
        IsolatedOptions? options = null
    ) =>
        Prepare(
            body,
            takesContext: false,
            options,
            static (function, options) => new IsolatedFunction<T1, T2, T3, T4, TResult>(function, options)
        );

    /// <summary>A function without a result whose body is a method or a delegate.</summary>
    /// <param name="body">What runs in the worker.</param>
    /// <param name="options">Where and how it runs; null is all defaults.</param>
    /// <exception cref="CaptureException">Something in the body can never be sent; the message names it and says what to do
    /// instead.</exception>
    public static IsolatedAction Create(Action body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction(function, options));

    /// <inheritdoc cref="Create(Action, IsolatedOptions?)"/>
    /// <typeparam name="T">The type of the only input.</typeparam>
    public static IsolatedAction<T> Create<T>(Action<T> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction<T>(function, options));

    /// <inheritdoc cref="Create(Action, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    public static IsolatedAction<T1, T2> Create<T1, T2>(Action<T1, T2> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction<T1, T2>(function, options));

    /// <inheritdoc cref="Create(Action, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    public static IsolatedAction<T1, T2, T3> Create<T1, T2, T3>(Action<T1, T2, T3> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction<T1, T2, T3>(function, options));

    /// <inheritdoc cref="Create(Action, IsolatedOptions?)"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="T4">The type of the fourth input.</typeparam>
    public static IsolatedAction<T1, T2, T3, T4> Create<T1, T2, T3, T4>(Action<T1, T2, T3, T4> body, IsolatedOptions? options = null) =>
        Prepare(body, takesContext: false, options, static (function, options) => new IsolatedAction<T1, T2, T3, T4>(function, options));
}
