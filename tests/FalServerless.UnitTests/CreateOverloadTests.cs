using System.Linq.Expressions;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests;

/// <summary>
/// What a call of <see cref="Isolated"/> gives for each way to write a body. The compiler decides it, so a wrong overload does not build;
/// that the function is made as well shows that the overload takes the body.
/// </summary>
public class CreateOverloadTests
{
    [Fact]
    public void AsyncLambdasGiveWhatTheirTaskGives()
    {
        Is<IsolatedFunction<int>>(
            Isolated.Create(async () =>
            {
                await Task.Yield();
                return 1;
            })
        );
        Is<IsolatedFunction<int>>(Isolated.Create(async () => await Task.FromResult(1)));
        Is<IsolatedFunction<string, int>>(
            Isolated.Create(
                async (string a) =>
                {
                    await Task.Yield();
                    return a.Length;
                }
            )
        );
        Is<IsolatedFunction<int, int, int>>(
            Isolated.Create(
                async (int a, int b) =>
                {
                    await Task.Yield();
                    return a + b;
                }
            )
        );
        Is<IsolatedFunction<int, int, int, int>>(
            Isolated.Create(
                async (int a, int b, int c) =>
                {
                    await Task.Yield();
                    return a + b + c;
                }
            )
        );
        Is<IsolatedFunction<int, int, int, int, int>>(
            Isolated.Create(
                async (int a, int b, int c, int d) =>
                {
                    await Task.Yield();
                    return a + b + c + d;
                }
            )
        );
    }

    [Fact]
    public void AsyncLambdasWithoutAResultGiveActions()
    {
        Is<IsolatedAction>(
            Isolated.Create(async () =>
            {
                await Task.Yield();
            })
        );
        Is<IsolatedAction>(Isolated.Create(async () => await Task.Yield()));
        Is<IsolatedAction<string>>(
            Isolated.Create(
                async (string a) =>
                {
                    await Task.Yield();
                    Console.WriteLine(a);
                }
            )
        );
        Is<IsolatedAction<int, int>>(
            Isolated.Create(
                async (int a, int b) =>
                {
                    await Task.Yield();
                }
            )
        );
        Is<IsolatedAction<int, int, int>>(
            Isolated.Create(
                async (int a, int b, int c) =>
                {
                    await Task.Yield();
                }
            )
        );
        Is<IsolatedAction<int, int, int, int>>(
            Isolated.Create(
                async (int a, int b, int c, int d) =>
                {
                    await Task.Yield();
                }
            )
        );
    }

    [Fact]
    public void ExpressionLambdasGiveTheirTypeAndTasksAreUnwrapped()
    {
        Is<IsolatedFunction<int>>(Isolated.Create(() => 1));
        Is<IsolatedFunction<int, int>>(Isolated.Create((int a) => a + 1));
        Is<IsolatedFunction<int, int, int>>(Isolated.Create((int a, int b) => a + b));
        Is<IsolatedFunction<int, int, int, int>>(Isolated.Create((int a, int b, int c) => a + b + c));
        Is<IsolatedFunction<int, int, int, int, int>>(Isolated.Create((int a, int b, int c, int d) => a + b + c + d));
        Is<IsolatedAction>(Isolated.Create(() => Console.WriteLine()));
        Is<IsolatedAction<string>>(Isolated.Create((string a) => Console.WriteLine(a)));
        Is<IsolatedAction<string, object>>(Isolated.Create((string a, object b) => Console.WriteLine(a, b)));
        Is<IsolatedFunction<int>>(Isolated.Create(() => TaskReturning()));
        Is<IsolatedFunction<int, int>>(Isolated.Create((int a) => Task.FromResult(a)));
        Is<IsolatedAction>(Isolated.Create(() => TaskOnly()));
        Is<IsolatedFunction<ValueTask<int>>>(Isolated.Create(() => ValueTaskReturning()));
        Is<IsolatedFunction<IAsyncEnumerable<int>>>(Isolated.Create(() => Numbers()));
        Is<IsolatedFunction<int, IEnumerable<int>>>(Isolated.Create((int count) => Enumerable.Range(0, count)));
    }

    [Fact]
    public void TypedExpressionsGiveTheirTypeAndTasksAreUnwrapped()
    {
        Expression<Func<int>> plain = () => 1;
        Expression<Func<int, int>> withInput = a => a;
        Expression<Func<Task<int>>> task = () => TaskReturning();
        Expression<Func<int, Task<int>>> taskWithInput = a => Task.FromResult(a);
        Expression<Func<Task>> taskOnly = () => TaskOnly();
        Expression<Func<string, Task>> taskOnlyWithInput = a => Task.FromResult(a);
        Expression<Action> action = () => Console.WriteLine();
        Expression<Action<string>> actionWithInput = a => Console.WriteLine(a);

        Is<IsolatedFunction<int>>(Isolated.Create(plain));
        Is<IsolatedFunction<int, int>>(Isolated.Create(withInput));
        Is<IsolatedFunction<int>>(Isolated.Create(task));
        Is<IsolatedFunction<int, int>>(Isolated.Create(taskWithInput));
        Is<IsolatedAction>(Isolated.Create(taskOnly));
        Is<IsolatedAction<string>>(Isolated.Create(taskOnlyWithInput));
        Is<IsolatedAction>(Isolated.Create(action));
        Is<IsolatedAction<string>>(Isolated.Create(actionWithInput));
    }

    [Fact]
    public void MethodGroupsOfEveryKindBind()
    {
        Is<IsolatedFunction<int>>(Isolated.Create(Plain));
        Is<IsolatedFunction<string, int>>(Isolated.Create<string, int>(Length));
        Is<IsolatedFunction<int>>(Isolated.Create(TaskReturning));
        Is<IsolatedAction>(Isolated.Create(TaskOnly));
        Is<IsolatedAction>(Isolated.Create(Void));
        Is<IsolatedFunction<ValueTask<int>>>(Isolated.Create(ValueTaskReturning));
        Is<IsolatedFunction<IAsyncEnumerable<int>>>(Isolated.Create(Numbers));
        Is<IsolatedFunction<string, int>>(Isolated.Create((Func<string, int>)Overloaded));
        Is<IsolatedFunction<double, int>>(Isolated.Create((Func<double, int>)Overloaded));
        Is<IsolatedFunction<int, int>>(Isolated.Create((Func<int, Task<int>>)Task.FromResult));
        Is<IsolatedFunction<string>>(Isolated.Create("text".ToUpperInvariant));
    }

    [Fact]
    public void DelegatesOfEveryKindBind()
    {
        Func<int> function = () => 1;
        Func<int, Task<int>> asynchronous = Task.FromResult;
        Action action = Void;
        var natural = (int a, int b) => a + b;

        Is<IsolatedFunction<int>>(Isolated.Create(function));
        Is<IsolatedFunction<int, int>>(Isolated.Create(asynchronous));
        Is<IsolatedAction>(Isolated.Create(action));
        Is<IsolatedFunction<int, int, int>>(Isolated.Create(natural));
        Is<IsolatedFunction<int>>(
            Isolated.Create(
                delegate
                {
                    return 1;
                }
            )
        );
        Is<IsolatedFunction<int, int>>(
            Isolated.Create(
                delegate(int a)
                {
                    return a;
                }
            )
        );
    }

    [Fact]
    public void ABodyThatAsksForTheContextHasItNotAsAnInput()
    {
        Is<IsolatedFunction<string>>(Isolated.Create(ctx => ctx.MachineType.Name));
        Is<IsolatedFunction<string>>(
            Isolated.Create(ctx =>
            {
                ctx.CancellationToken.ThrowIfCancellationRequested();
                return ctx.MachineType.Name;
            })
        );
        Is<IsolatedFunction<int>>(
            Isolated.Create(async ctx =>
            {
                await Task.Delay(1, ctx.CancellationToken);
                return 1;
            })
        );
        Is<IsolatedAction>(
            Isolated.Create(async ctx =>
            {
                await Task.Delay(1, ctx.CancellationToken);
            })
        );
        Is<IsolatedAction>(
            Isolated.Create(
                (IsolatedContext ctx) =>
                {
                    Console.WriteLine(ctx.InvocationId);
                }
            )
        );
        Is<IsolatedFunction<string, int>>(
            Isolated.Create(
                (IsolatedContext ctx, string url) =>
                {
                    ctx.CancellationToken.ThrowIfCancellationRequested();
                    return url.Length;
                }
            )
        );
        Is<IsolatedFunction<string, string>>(Isolated.Create((IsolatedContext ctx, string url) => ctx.DataPath + url));
        Is<IsolatedFunction<string, int>>(
            Isolated.Create(
                async (IsolatedContext ctx, string url) =>
                {
                    await Task.Yield();
                    return url.Length;
                }
            )
        );
        Is<IsolatedAction<string>>(
            Isolated.Create(
                async (IsolatedContext ctx, string url) =>
                {
                    await Task.Yield();
                }
            )
        );
        Is<IsolatedAction<string, string>>(Isolated.Create((IsolatedContext ctx, string a, string b) => Console.WriteLine(a + b)));
        Is<IsolatedFunction<int, int, int, int, int>>(
            Isolated.Create(
                (IsolatedContext ctx, int a, int b, int c, int d) =>
                {
                    return a + b + c + d;
                }
            )
        );
        Is<IsolatedFunction<IAsyncEnumerable<int>>>(Isolated.Create((IsolatedContext ctx) => Numbers()));
    }

    [Fact]
    public void FromDelegateTakesBlocks()
    {
        Is<IsolatedFunction<int>>(
            Isolated.FromDelegate(() =>
            {
                var a = 1;
                return a;
            })
        );
        Is<IsolatedFunction<int, int>>(
            Isolated.FromDelegate(
                (int a) =>
                {
                    a++;
                    return a;
                }
            )
        );
        Is<IsolatedFunction<int, int, int, int, int>>(
            Isolated.FromDelegate(
                (int a, int b, int c, int d) =>
                {
                    a++;
                    return a + b + c + d;
                }
            )
        );
        Is<IsolatedAction>(
            Isolated.FromDelegate(() =>
            {
                Console.Write("a");
                Console.Write("b");
            })
        );
        Is<IsolatedAction<int>>(
            Isolated.FromDelegate(
                (int a) =>
                {
                    a++;
                    Console.Write(a);
                }
            )
        );
        Is<IsolatedAction<int, int, int>>(
            Isolated.FromDelegate(
                (int a, int b, int c) =>
                {
                    a++;
                    Console.Write(a + b + c);
                }
            )
        );
        Is<IsolatedFunction<int>>(
            Isolated.FromDelegate(async () =>
            {
                await Task.Yield();
                return 1;
            })
        );
        Is<IsolatedAction>(
            Isolated.FromDelegate(async () =>
            {
                await Task.Yield();
            })
        );
        Is<IsolatedFunction<string>>(
            Isolated.FromDelegate(ctx =>
            {
                return ctx.MachineType.Name;
            })
        );
        Is<IsolatedFunction<int, int>>(
            Isolated.FromDelegate(
                async (IsolatedContext ctx, int a) =>
                {
                    await Task.Yield();
                    return a;
                }
            )
        );
        Is<IsolatedAction<int>>(
            Isolated.FromDelegate(
                (IsolatedContext ctx, int a) =>
                {
                    Console.Write(a);
                }
            )
        );
        Is<IsolatedFunction<int>>(Isolated.FromDelegate(Plain));
        Is<IsolatedFunction<IAsyncEnumerable<int>>>(
            Isolated.FromDelegate(() =>
            {
                var numbers = Numbers();
                return numbers;
            })
        );
    }

    [Fact]
    public void LambdasThatOnlyThrowAndStaticOnesBind()
    {
        Is<IsolatedAction>(
            Isolated.Create(() =>
            {
                throw new NotSupportedException();
            })
        );
        Is<IsolatedFunction<int>>(Isolated.Create<int>(() => throw new NotSupportedException()));
        Is<IsolatedFunction<int>>(Isolated.Create(static () => 1));
        Is<IsolatedFunction<int>>(
            Isolated.Create(static async () =>
            {
                await Task.Yield();
                return 1;
            })
        );
        Is<IsolatedFunction<int, int>>(
            Isolated.FromDelegate(
                static (int a) =>
                {
                    a++;
                    return a;
                }
            )
        );
    }

    [Fact]
    public void OptionsComeLastInEveryForm()
    {
        using var host = new FakeHost();

        Assert.Equal(
            "S",
            Is<IsolatedFunction<int>>(Isolated.Create(() => 1, new() { Host = host, MachineType = "S" })).Options.MachineType.Name
        );
        Assert.Equal(
            "S",
            Is<IsolatedFunction<int>>(
                Isolated.Create(
                    async () =>
                    {
                        await Task.Yield();
                        return 1;
                    },
                    new() { Host = host, MachineType = "S" }
                )
            ).Options.MachineType.Name
        );
        Assert.Equal(
            "S",
            Is<IsolatedFunction<int>>(Isolated.Create(Plain, new() { Host = host, MachineType = "S" })).Options.MachineType.Name
        );
        Assert.Equal(
            "S",
            Is<IsolatedFunction<string>>(
                Isolated.Create(ctx => ctx.DataPath, new() { Host = host, MachineType = "S" })
            ).Options.MachineType.Name
        );
        Assert.Equal(
            "S",
            Is<IsolatedFunction<int>>(
                Isolated.FromDelegate(
                    () =>
                    {
                        return 1;
                    },
                    new() { Host = host, MachineType = "S" }
                )
            ).Options.MachineType.Name
        );
    }

    private static T Is<T>(T value) => value;

    private static int Plain() => 1;

    private static int Length(string text) => text.Length;

    private static void Void() => Console.WriteLine();

    private static Task<int> TaskReturning() => Task.FromResult(1);

    private static Task TaskOnly() => Task.CompletedTask;

    private static ValueTask<int> ValueTaskReturning() => new(1);

    private static int Overloaded(string text) => text.Length;

    private static int Overloaded(double number) => (int)number;

    private static async IAsyncEnumerable<int> Numbers()
    {
        await Task.Yield();
        yield return 1;
    }
}
