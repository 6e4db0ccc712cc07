namespace FalServerless.UnitTests.Caching;

/// <summary>
/// What <see cref="Cached.Create{TResult}(Func{TResult})"/> gives for each way to write a function; the compiler decides it.
/// </summary>
public class CachedOverloadTests
{
    [Fact]
    public void LambdasOfEveryKindBind()
    {
        Is<CachedFunction<int>>(Cached.Create(() => 1));
        Is<CachedFunction<int>>(Cached.Create(static () => 1));
        Is<CachedFunction<int>>(
            Cached.Create(() =>
            {
                var a = 1;
                return a;
            })
        );
        Is<CachedFunction<int>>(
            Cached.Create(
                delegate
                {
                    return 1;
                }
            )
        );
        Is<CachedFunction<int>>(Cached.Create<int>(() => throw new NotSupportedException()));
        Is<CachedFunction<int, int>>(Cached.Create((int a) => a + 1));
        Is<CachedFunction<int, int>>(Cached.Create<int, int>(a => a + 1));
        Is<CachedFunction<int, string, int>>(
            Cached.Create(
                (int a, string b) =>
                {
                    return a + b.Length;
                }
            )
        );
        Is<CachedFunction<int, int, int, int>>(Cached.Create((int a, int b, int c) => a + b + c));
        Is<CachedFunction<int, int, int, int, int>>(Cached.Create((int a, int b, int c, int d) => a + b + c + d));
    }

    [Fact]
    public void AsyncLambdasGiveTheirTask()
    {
        Is<CachedFunction<Task<int>>>(
            Cached.Create(async () =>
            {
                await Task.Yield();
                return 1;
            })
        );
        Is<CachedFunction<Task<int>>>(Cached.Create(async () => await Task.FromResult(1)));
        Is<CachedFunction<Task>>(
            Cached.Create(async () =>
            {
                await Task.Yield();
            })
        );
        Is<CachedFunction<string, Task<int>>>(
            Cached.Create(
                async (string a) =>
                {
                    await Task.Yield();
                    return a.Length;
                }
            )
        );
        Is<CachedFunction<int, int, int, int, Task<int>>>(
            Cached.Create(
                async (int a, int b, int c, int d) =>
                {
                    await Task.Yield();
                    return a + b + c + d;
                }
            )
        );
    }

    [Fact]
    public void MethodsAndDelegatesBind()
    {
        Func<int> function = () => 1;
        Func<string, Task<int>> asynchronous = LengthAsync;
        var natural = (int a, int b) => a + b;

        Is<CachedFunction<int>>(Cached.Create(One));
        Is<CachedFunction<int>>(Cached.Create(LocalOne));
        Is<CachedFunction<string, int>>(Cached.Create<string, int>(Length));
        Is<CachedFunction<string, Task<int>>>(Cached.Create<string, Task<int>>(LengthAsync));
        Is<CachedFunction<string>>(Cached.Create("text".ToUpperInvariant));
        Is<CachedFunction<int>>(Cached.Create(function));
        Is<CachedFunction<string, Task<int>>>(Cached.Create(asynchronous));
        Is<CachedFunction<int, int, int>>(Cached.Create(natural));

        static int LocalOne() => 1;
    }

    [Fact]
    public void WhatCannotBeSharedOrIsNotThereIsRefusedAtOnce()
    {
        Assert.Contains(
            "AsTask",
            Assert.Throws<ArgumentException>(() => Cached.Create(() => ValueTask.CompletedTask)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "AsTask",
            Assert.Throws<ArgumentException>(() => Cached.Create((int a) => new ValueTask<int>(a))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentNullException>(() => Cached.Create((Func<int>)null!));
    }

    private static void Is<T>(T function) => Assert.NotNull(function);

    private static int One() => 1;

    private static int Length(string text) => text.Length;

    private static Task<int> LengthAsync(string text) => Task.FromResult(text.Length);
}
