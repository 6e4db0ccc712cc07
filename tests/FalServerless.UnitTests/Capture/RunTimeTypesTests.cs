using System.Linq.Expressions;
using System.Reflection;
using FalServerless.Tests.Shared.Assemblies;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Capture;

/// <summary>Types that only this process, or only the worker, has.</summary>
public sealed class RunTimeTypesTests : IDisposable
{
    private readonly FakeHost _host = new();

    private IsolatedOptions Options => new() { Host = _host };

    public void Dispose() => _host.Dispose();

    [Fact]
    public void AnInputOfATypeThatWasLoadedFromBytesIsRefused()
    {
        var loaded = Activator.CreateInstance(Assembly.Load(MadeAssembly.Image("LoadedHere", 3)).GetType("Made")!)!;
        var error = Assert.Throws<CaptureException>(() => Isolated.Create((List<object> all) => all.Count, Options).Invoke([1, loaded]));

        Assert.Equal("all[1]", error.Path);
        Assert.Contains("'LoadedHere' was loaded from memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABodyThatNamesSuchATypeIsRefused()
    {
        var made = MadeAssembly.Running("MadeForABody").GetType("Made")!;
        LambdaExpression[] bodies =
        [
            Expression.Lambda<Func<object>>(Expression.New(made)),
            Expression.Lambda<Func<Type>>(Expression.Constant(made, typeof(Type))),
            Expression.Lambda<Func<Type>>(Expression.Constant(typeof(int*), typeof(Type))),
            Expression.Lambda<Func<object>>(Expression.New(typeof(List<>).MakeGenericType(made))),
        ];

        foreach (var body in bodies)
        {
            Assert.Contains(
                "it needs the type",
                Assert.Throws<CaptureException>(() => FunctionCaptureOf(body)).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void AGenericMethodOverSuchATypeIsRefused()
    {
        var made = MadeAssembly.Running("MadeForGenerics").GetType("Made")!;
        var method = typeof(RunTimeTypesTests)
            .GetMethod(nameof(Call), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(made);

        var error = Assert.IsType<CaptureException>(
            Assert.Throws<TargetInvocationException>(() => method.Invoke(null, [Options])).InnerException
        );
        Assert.Contains("made at run time", error.Message, StringComparison.Ordinal);
    }

    private static object FunctionCaptureOf(LambdaExpression body) => FalServerless.Capture.FunctionCapture.Capture(body);

    private static void Call<T>(IsolatedOptions options) => Isolated.FromDelegate((T _) => 1, options).Invoke(default!);
}
