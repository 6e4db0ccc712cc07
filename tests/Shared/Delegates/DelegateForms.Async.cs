namespace FalServerless.Tests.Shared.Delegates;

internal static partial class DelegateForms
{
    private static IEnumerable<DelegateForm> Async()
    {
        var (word, times) = ("tick", 3);
        Func<int, Task<int>> later = async value =>
        {
            await Task.Yield();
            return value + times;
        };
        return
        [
            Form(
                "async lambda",
                async () =>
                {
                    await Task.Yield();
                    return word + times;
                }
            ),
            Form(
                "async lambda that ends at once",
                async () =>
                {
                    return await Task.FromResult(word);
                }
            ),
            Form(
                "async without a result",
                async () =>
                {
                    await Task.Yield();
                }
            ),
            Form(
                "await in loops",
                async (int n) =>
                {
                    var sum = 0;
                    for (var i = 0; i < n; i++)
                    {
                        sum += await later(i);
                        await Task.Delay(1);
                    }

                    return sum;
                },
                4
            ),
            Form(
                "await in try, catch and finally",
                async () =>
                {
                    var steps = new List<string>();
                    try
                    {
                        await Task.Yield();
                        throw new InvalidOperationException("inside");
                    }
                    catch (InvalidOperationException e)
                    {
                        await Task.Yield();
                        steps.Add(e.Message + word);
                    }
                    finally
                    {
                        await Task.Yield();
                        steps.Add("finally");
                    }

                    return steps;
                }
            ),
            Form(
                "Task.WhenAll",
                async () =>
                {
                    return await Task.WhenAll(Enumerable.Range(0, times).Select(later));
                }
            ),
            Form(
                "async exception",
                async Task<int> (string text) =>
                {
                    await Task.Yield();
                    throw new ArgumentException($"not {text}", nameof(text));
                },
                "this"
            ),
            Form("method group that gives a ValueTask", (Func<int, ValueTask<string>>)LaterAsync, 5),
            Form("method group that gives a Task without a result", (Func<Task>)NothingAsync),
            Form(
                "async local function",
                async (int a) =>
                {
                    return await AddAsync(a) + await StaticAsync(a);

                    async Task<int> AddAsync(int value)
                    {
                        await Task.Yield();
                        return value + times + a;
                    }

                    static async ValueTask<int> StaticAsync(int value)
                    {
                        await Task.Yield();
                        return value * 2;
                    }
                },
                4
            ),
            Form(
                "ConfigureAwait",
                async () =>
                {
                    await Task.Delay(1).ConfigureAwait(false);
                    await Task.Delay(1).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    return word;
                }
            ),
            Form(
                "await foreach over a local iterator",
                async (int n) =>
                {
                    var seen = new List<string>();
                    await foreach (var item in ItemsAsync())
                    {
                        seen.Add(item);
                    }

                    return seen;

                    async IAsyncEnumerable<string> ItemsAsync()
                    {
                        for (var i = 0; i < n; i++)
                        {
                            await Task.Yield();
                            yield return word + i;
                        }
                    }
                },
                3
            ),
            Form(
                "await using",
                async () =>
                {
                    var closed = new List<string>();
                    await using (new Closing(closed))
                    {
                        await Task.Yield();
                    }

                    return closed;
                }
            ),
            Form(
                "a Task that is not awaited inside",
                () =>
                {
                    return Task.Run(() => word.Length + times);
                }
            ),
        ];
    }

    private static async ValueTask<string> LaterAsync(int value)
    {
        await Task.Yield();
        return $"later {value}";
    }

    private static async Task NothingAsync() => await Task.Yield();
}
