using System.Collections.Concurrent;
using FalServerless.Calls;
using FalServerless.Capture;
using FalServerless.Tests.Shared.Delegates;
using FalServerless.Tests.Shared.Expressions;

namespace FalServerless.IntegrationTests.Worker;

public class DelegatesInAWorkerTests
{
    private const int FewestForms = 60;
    private const int AtOnce = 8;

    [Fact]
    public async Task EveryFormGivesInAWorkerWhatItGivesHere()
    {
        var forms = DelegateForms.All().ToArray();
        Assert.True(forms.Length >= FewestForms, $"There are only {forms.Length} forms.");
        var wrong = new ConcurrentBag<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };

        await Parallel.ForEachAsync(
            forms,
            options,
            async (form, cancellationToken) =>
            {
                var here = await form.HereAsync();
                try
                {
                    var there = await Outcome.OfAsync(() =>
                        new FunctionCall(FunctionCapture.Capture(form.Body, takesContext: false), new()).InvokeAsync<object?>(
                            (object?[])form.Arguments.Clone(),
                            cancellationToken
                        )
                    );
                    if (here != there)
                    {
                        wrong.Add($"{form}\n  here:  {here}\n  there: {there}");
                    }
                }
                catch (FalServerlessException e)
                {
                    wrong.Add($"{form}\n  fails: {e}");
                }
            }
        );

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
    }
}
