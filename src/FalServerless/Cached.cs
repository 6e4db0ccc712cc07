namespace FalServerless;

/// <summary>
/// Makes functions whose results are kept: the first call with some captured values and inputs computes the result, and every later one in
/// the same process gets that very object. In a worker results live until it ends, which is its keep-alive after the last call; nothing of
/// them is serialized.
/// </summary>
/// <remarks>
/// What makes two calls the same is the code (assembly build, method, type arguments), the values of the captured variables as they are at
/// the call, and the inputs. The latter two are compared by value, in the form in which they would be sent. Static fields and files that
/// the code reads are not part of it. There is one computation however many callers wait for it, and it belongs to the first of them: its
/// log is written there. Failures are not kept. When a worker ends, what it kept is disposed of if it is <see cref="IAsyncDisposable"/> or
/// <see cref="IDisposable"/>, the last made first. Outside a worker results are kept as long as the process lives, and are not disposed of.
/// </remarks>
public static class Cached
{
    /// <summary>A function without inputs whose result is kept.</summary>
    /// <typeparam name="TResult">The type of the result; any type, also one that cannot be sent. A task is shared as it is.</typeparam>
    /// <param name="body">Computes the result: a lambda, a block, an <c>async</c> lambda or a method.</param>
    /// <exception cref="ArgumentException">The result is a <see cref="ValueTask"/>, which can be awaited only once.</exception>
    public static CachedFunction<TResult> Create<TResult>(Func<TResult> body) => new(Checked<Func<TResult>, TResult>(body));

    /// <summary>A function of one input whose results are kept, one for each value of the input.</summary>
    /// <inheritdoc cref="Create{TResult}(Func{TResult})"/>
    /// <typeparam name="T">The type of the input; its values must be able to be sent.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static CachedFunction<T, TResult> Create<T, TResult>(Func<T, TResult> body) => new(Checked<Func<T, TResult>, TResult>(body));

    /// <summary>A function of two inputs whose results are kept, one for each pair of their values.</summary>
    /// <inheritdoc cref="Create{TResult}(Func{TResult})"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static CachedFunction<T1, T2, TResult> Create<T1, T2, TResult>(Func<T1, T2, TResult> body) =>
        new(Checked<Func<T1, T2, TResult>, TResult>(body));

    /// <summary>A function of three inputs whose results are kept, one for each combination of their values.</summary>
    /// <inheritdoc cref="Create{TResult}(Func{TResult})"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static CachedFunction<T1, T2, T3, TResult> Create<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> body) =>
        new(Checked<Func<T1, T2, T3, TResult>, TResult>(body));

    /// <summary>A function of four inputs whose results are kept, one for each combination of their values.</summary>
    /// <inheritdoc cref="Create{TResult}(Func{TResult})"/>
    /// <typeparam name="T1">The type of the first input.</typeparam>
    /// <typeparam name="T2">The type of the second input.</typeparam>
    /// <typeparam name="T3">The type of the third input.</typeparam>
    /// <typeparam name="T4">The type of the fourth input.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    public static CachedFunction<T1, T2, T3, T4, TResult> Create<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> body) =>
        new(Checked<Func<T1, T2, T3, T4, TResult>, TResult>(body));

    private static TBody Checked<TBody, TResult>(TBody body)
        where TBody : Delegate
    {
        ArgumentNullException.ThrowIfNull(body);
        var result = typeof(TResult);
        return result == typeof(ValueTask) || (result.IsConstructedGenericType && result.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? throw new ArgumentException(
                "The result of a cached function is shared, and a ValueTask can be awaited only once. Return a Task: add .AsTask().",
                nameof(body)
            )
            : body;
    }
}
