using System.Collections.Concurrent;
using System.Linq.Expressions;
using FalServerless.Calls;
using FalServerless.Capture;
using FalServerless.Serialization.Closures;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Expressions;

namespace FalServerless.IntegrationTests.Worker;

public class FormsInAWorkerTests
{
    private const int FewestForms = 110;
    private const int AtOnce = 8;

    [Fact]
    public async Task EveryFormGivesInAWorkerWhatItGivesHere()
    {
        var forms = ExpressionForms.All().ToArray();
        Assert.True(forms.Length >= FewestForms, $"There are only {forms.Length} forms.");
        var wrong = new ConcurrentBag<string>();
        var refused = new ConcurrentBag<ExpressionForm>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };

        await Parallel.ForEachAsync(
            forms,
            options,
            async (form, cancellationToken) =>
            {
                var here = form.Local();
                try
                {
                    var there = await ThereAsync(form.Lambda, (object?[])form.Arguments.Clone(), cancellationToken);
                    if (here != there)
                    {
                        wrong.Add($"{form}\n  here:  {here}\n  there: {there}");
                    }
                }
                catch (CaptureException)
                {
                    refused.Add(form);
                }
                catch (FalServerlessException e)
                {
                    wrong.Add($"{form}\n  fails: {e}");
                }
            }
        );

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
        Assert.Equal(forms.Where(HoldsWhatCannotBeSent).Select(form => form.Name).Order(), refused.Select(form => form.Name).Order());
    }

    public static TheoryData<string, object?> Built =>
        new()
        {
            { "loop", 55 },
            { "switch", "two" },
            { "try", "caught, cleaned" },
            { "goto", 3 },
            { "nested", 30 },
            { "filter", "filtered" },
        };

    [Theory]
    [MemberData(nameof(Built))]
    public async Task AHandBuiltTreeGivesInAWorkerWhatItGivesHere(string name, object? expected)
    {
        var lambda = Expression.Lambda(BuiltTrees.Named(name));

        Assert.Equal(expected, lambda.Compile().DynamicInvoke());
        Assert.Equal(expected, await Remote.CallAsync(lambda));
    }

    // A delegate as the result, a query as an input or captured, and a native integer anywhere: no value of them means anything there or
    // here.
    private static bool HoldsWhatCannotBeSent(ExpressionForm form) =>
        ClosureHoister.Hoist(form.Lambda).ToLambda() is var lambda
        && (
            lambda
                .Parameters.Select(parameter => parameter.Type)
                .Append(lambda.ReturnType)
                .Any(type => type == typeof(nint) || type == typeof(nuint))
            || lambda.ReturnType.IsAssignableTo(typeof(Delegate))
            || lambda.Parameters.Any(parameter => parameter.Type.IsAssignableTo(typeof(IQueryable)))
        );

    private static Task<Outcome> ThereAsync(LambdaExpression lambda, object?[] arguments, CancellationToken cancellationToken) =>
        Outcome.OfAsync(() => new FunctionCall(FunctionCapture.Capture(lambda), new()).InvokeAsync<object?>(arguments, cancellationToken));
}
