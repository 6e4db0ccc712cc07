using FalServerless.Caching;
using FalServerless.Serialization.Values;

namespace FalServerless;

/// <summary>A function without inputs whose results are kept; see <see cref="Cached"/>.</summary>
/// <typeparam name="TResult">The type of the result.</typeparam>
/// <remarks>
/// It can be captured by bodies, delegates and other cached functions, and held in fields and collections: it is sent as its code, and in
/// the worker belongs to that worker's results. It does not come back from one.
/// </remarks>
public sealed class CachedFunction<TResult> : ICachedFunction
{
    private Func<TResult> _body;
    private KeyedCalls<TResult>? _calls;
    private CacheEntry<TResult>? _kept;

    internal CachedFunction(Func<TResult> body) => _body = body;

    Delegate ICachedFunction.Body
    {
        get => _body;
        set => _body = (Func<TResult>)value;
    }

    private KeyedCalls<TResult> Calls => _calls ??= new(_body);

    /// <summary>The result: kept from before, or computed now. Where another call computes it already, this one waits for that.</summary>
    /// <exception cref="CaptureException">A captured variable cannot be compared by value, because it could not be sent.</exception>
    /// <exception cref="InvalidOperationException">The function asks for its own result while it computes it.</exception>
    public TResult Invoke() =>
        _kept is { IsKept: true } kept ? kept.Value
        : Calls.IsOne ? Calls.InvokeOne(_body, ref _kept)
        : Calls.Invoke([], _body);
}

/// <summary>A function of one input whose results are kept; see <see cref="Cached"/>.</summary>
/// <typeparam name="T">The type of the input.</typeparam>
/// <typeparam name="TResult">The type of the result.</typeparam>
/// <remarks>
/// It can be captured by bodies, delegates and other cached functions, and held in fields and collections: it is sent as its code, and in
/// the worker belongs to that worker's results. It does not come back from one.
/// </remarks>
public sealed class CachedFunction<T, TResult> : ICachedFunction
{
    private Func<T, TResult> _body;
    private KeyedCalls<TResult>? _calls;

    internal CachedFunction(Func<T, TResult> body) => _body = body;

    Delegate ICachedFunction.Body
    {
        get => _body;
        set => _body = (Func<T, TResult>)value;
    }

    private KeyedCalls<TResult> Calls => _calls ??= new(_body);

    /// <summary>
    /// The result for these values: kept from before, or computed now. Where another call computes it already, this one waits for that.
    /// </summary>
    /// <param name="input">The input.</param>
    /// <exception cref="CaptureException">An input or a captured variable cannot be compared by value, because it could not be
    /// sent.</exception>
    /// <exception cref="InvalidOperationException">The function asks for this very result while it computes it.</exception>
    public TResult Invoke(T input) => Calls.Invoke([input], () => _body(input));
}

/// <summary>A function of two inputs whose results are kept; see <see cref="Cached"/>.</summary>
/// <typeparam name="T1">The type of the first input.</typeparam>
/// <typeparam name="T2">The type of the second input.</typeparam>
/// <typeparam name="TResult">The type of the result.</typeparam>
/// <remarks>
/// It can be captured by bodies, delegates and other cached functions, and held in fields and collections: it is sent as its code, and in
/// the worker belongs to that worker's results. It does not come back from one.
/// </remarks>
public sealed class CachedFunction<T1, T2, TResult> : ICachedFunction
{
    private Func<T1, T2, TResult> _body;
    private KeyedCalls<TResult>? _calls;

    internal CachedFunction(Func<T1, T2, TResult> body) => _body = body;

    Delegate ICachedFunction.Body
    {
        get => _body;
        set => _body = (Func<T1, T2, TResult>)value;
    }

    private KeyedCalls<TResult> Calls => _calls ??= new(_body);

    /// <summary>
    /// The result for these values: kept from before, or computed now. Where another call computes it already, this one waits for that.
    /// </summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <exception cref="CaptureException">An input or a captured variable cannot be compared by value, because it could not be
    /// sent.</exception>
    /// <exception cref="InvalidOperationException">The function asks for this very result while it computes it.</exception>
    public TResult Invoke(T1 input1, T2 input2) => Calls.Invoke([input1, input2], () => _body(input1, input2));
}

/// <summary>A function of three inputs whose results are kept; see <see cref="Cached"/>.</summary>
/// <typeparam name="T1">The type of the first input.</typeparam>
/// <typeparam name="T2">The type of the second input.</typeparam>
/// <typeparam name="T3">The type of the third input.</typeparam>
/// <typeparam name="TResult">The type of the result.</typeparam>
/// <remarks>
/// It can be captured by bodies, delegates and other cached functions, and held in fields and collections: it is sent as its code, and in
/// the worker belongs to that worker's results. It does not come back from one.
/// </remarks>
public sealed class CachedFunction<T1, T2, T3, TResult> : ICachedFunction
{
    private Func<T1, T2, T3, TResult> _body;
    private KeyedCalls<TResult>? _calls;

    internal CachedFunction(Func<T1, T2, T3, TResult> body) => _body = body;

    Delegate ICachedFunction.Body
    {
        get => _body;
        set => _body = (Func<T1, T2, T3, TResult>)value;
    }

    private KeyedCalls<TResult> Calls => _calls ??= new(_body);

    /// <summary>
    /// The result for these values: kept from before, or computed now. Where another call computes it already, this one waits for that.
    /// </summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="input3">The third input.</param>
    /// <exception cref="CaptureException">An input or a captured variable cannot be compared by value, because it could not be
    /// sent.</exception>
    /// <exception cref="InvalidOperationException">The function asks for this very result while it computes it.</exception>
    public TResult Invoke(T1 input1, T2 input2, T3 input3) => Calls.Invoke([input1, input2, input3], () => _body(input1, input2, input3));
}

/// <summary>A function of four inputs whose results are kept; see <see cref="Cached"/>.</summary>
/// <typeparam name="T1">The type of the first input.</typeparam>
/// <typeparam name="T2">The type of the second input.</typeparam>
/// <typeparam name="T3">The type of the third input.</typeparam>
/// <typeparam name="T4">The type of the fourth input.</typeparam>
/// <typeparam name="TResult">The type of the result.</typeparam>
/// <remarks>
/// It can be captured by bodies, delegates and other cached functions, and held in fields and collections: it is sent as its code, and in
/// the worker belongs to that worker's results. It does not come back from one.
/// </remarks>
public sealed class CachedFunction<T1, T2, T3, T4, TResult> : ICachedFunction
{
    private Func<T1, T2, T3, T4, TResult> _body;
    private KeyedCalls<TResult>? _calls;

    internal CachedFunction(Func<T1, T2, T3, T4, TResult> body) => _body = body;

    Delegate ICachedFunction.Body
    {
        get => _body;
        set => _body = (Func<T1, T2, T3, T4, TResult>)value;
    }

    private KeyedCalls<TResult> Calls => _calls ??= new(_body);

    /// <summary>
    /// The result for these values: kept from before, or computed now. Where another call computes it already, this one waits for that.
    /// </summary>
    /// <param name="input1">The first input.</param>
    /// <param name="input2">The second input.</param>
    /// <param name="input3">The third input.</param>
    /// <param name="input4">The fourth input.</param>
    /// <exception cref="CaptureException">An input or a captured variable cannot be compared by value, because it could not be
    /// sent.</exception>
    /// <exception cref="InvalidOperationException">The function asks for this very result while it computes it.</exception>
    public TResult Invoke(T1 input1, T2 input2, T3 input3, T4 input4) =>
        Calls.Invoke([input1, input2, input3, input4], () => _body(input1, input2, input3, input4));
}
