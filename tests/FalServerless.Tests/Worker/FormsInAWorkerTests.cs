using System.Collections.Concurrent;
using System.Linq.Expressions;
using FalServerless.Capture;
using FalServerless.Tests.Expressions;

namespace FalServerless.Tests.Worker;

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
        var refused = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(forms, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (form, cancellationToken) =>
        {
            var here = form.Local();
            Outcome there;
            try
            {
                there = await RemoteOutcomeAsync(form, cancellationToken);
            }
            catch (CaptureException e)
            {
                refused.Add($"{form}: {e.Message}");
                return;
            }
            catch (FalServerlessException e)
            {
                there = new($"fails: {e.GetType()}: {e.Message}");
            }

            if (here != there)
            {
                wrong.Add($"{form}\n  here:  {here}\n  there: {there}");
            }
        });

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Concat(refused)));
        Assert.True(refused.IsEmpty, string.Join('\n', refused));
    }

    private static async Task<Outcome> RemoteOutcomeAsync(ExpressionForm form, CancellationToken cancellationToken)
    {
        var function = FunctionCapture.Capture(form.Lambda);
        return await Outcome.OfAsync(() => new FunctionCall(function, new()).InvokeAsync((object?[])form.Arguments.Clone(), cancellationToken));
    }
}
