using System.Runtime.CompilerServices;

namespace FalServerless.IntegrationTests.Capture;

/// <summary>What a file-based program does, as its runtime is told that no code is made at run time.</summary>
internal static class BodiesWithoutDynamicCode
{
    public const string Output = "165 6 42 4 0,1,2 Point { X = 7, Y = 2 } 10 171 4950 12 boo/4 2,4,6 False";

    public static async Task<int> RunAsync()
    {
        var factor = 3;
        int Local(int n) => n + factor;
        Func<int, int> multiply = x => x * factor;
        var (point, cached) = (new Point(1, 2), Cached.Create(() => new Big(5)));
        var (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r) = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18);
        List<Point> many = [.. Enumerable.Range(0, 100).Select(number => new Point(number, number))];
        var items = new List<int>();
        await foreach (var item in Isolated.FromDelegate((int count) => CountAsync(count)).Invoke(3))
        {
            items.Add(item);
        }

        var sum = Isolated.FromDelegate(() =>
        {
            return many.Sum(point => point.X);
        });
        for (var call = 0; call < 10; call++)
        {
            // More than are needed before field offsets would be measured.
            sum.Invoke();
        }

        Console.Write(
            string.Join(
                ' ',
                Isolated
                    .FromDelegate(
                        (int last) =>
                        {
                            var sum = 0;
                            for (var x = 0; x <= last; x++)
                            {
                                sum += x * factor;
                            }
                            return sum;
                        }
                    )
                    .Invoke(10),
                await Isolated
                    .FromDelegate(
                        async (int x) =>
                        {
                            await Task.Yield();
                            return x * factor;
                        }
                    )
                    .InvokeAsync(2),
                Isolated.FromDelegate((Func<int, int>)Twice).Invoke(21),
                Isolated
                    .FromDelegate(
                        (int x) =>
                        {
                            return Local(x);
                        }
                    )
                    .Invoke(1),
                string.Join(',', items),
                Isolated.Create(() => new Point(7, point.Y)).Invoke(),
                Isolated
                    .FromDelegate(() =>
                    {
                        return cached.Invoke().Sum;
                    })
                    .Invoke(),
                Isolated.Create(() => a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r).Invoke(),
                sum.Invoke(),
                Isolated
                    .FromDelegate(() =>
                    {
                        return multiply(4);
                    })
                    .Invoke(),
                Failure(),
                string.Join(',', await Isolated.Create((int x) => x * 2).MapAsync([1, 2, 3]).Select(result => result).ToListAsync()),
                RuntimeFeature.IsDynamicCodeSupported
            )
        );
        return 7;
    }

    private static string Failure()
    {
        try
        {
            Isolated
                .FromDelegate(() =>
                {
                    throw new FailedException("boo", 4);
                })
                .Invoke();
            return "none";
        }
        catch (FailedException e)
        {
            return $"{e.Message}/{e.Code}";
        }
    }

    private static int Twice(int n) => n * 2;

    private static async IAsyncEnumerable<int> CountAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    internal sealed record Point(int X, int Y);

    internal sealed class Big(int n)
    {
        public int Sum => n * 2;
    }

    internal sealed class FailedException(string message, int code) : Exception(message)
    {
        public int Code => code;
    }
}
