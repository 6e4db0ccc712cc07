using FalServerless;

// Counts primes in a worker and shows how far it has come: the body is an async iterator, and each item is here as soon as it is produced.
// Ctrl-C, or leaving the loop in any other way, stops the body too.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

var limit = args is [var given] && int.TryParse(given, out var parsed) ? parsed : 3_000_000;
var count = Isolated.Create((int to) => Primes.CountAsync(to), new() { MachineType = "M" });

try
{
    await foreach (var found in count.Invoke(limit).WithCancellation(stop.Token))
    {
        Show(found);
    }

    Console.WriteLine("Done");
    return 0;
}
catch (OperationCanceledException)
{
    Console.WriteLine("Stopped");
    return 1;
}

// A bar on a terminal, a line each time where the output is piped.
void Show(PrimeCount found)
{
    const int Width = 40;
    var done = (int)((long)Width * found.UpTo / limit);
    var text = $"[{new string('#', done)}{new string('.', Width - done)}] {found.Count} primes up to {found.UpTo}";
    if (Console.IsOutputRedirected)
    {
        Console.WriteLine(text);
    }
    else
    {
        Console.Write($"\r{text}{(found.UpTo == limit ? "\n" : "")}");
    }
}

internal sealed record PrimeCount(int UpTo, int Count);

internal static class Primes
{
    private const int Steps = 20;

    public static async IAsyncEnumerable<PrimeCount> CountAsync(int limit)
    {
        var (count, number) = (0, 2);
        for (var step = 1; step <= Steps; step++)
        {
            var end = (int)((long)limit * step / Steps);
            for (; number <= end; number++)
            {
                if (IsPrime(number))
                {
                    count++;
                }
            }

            yield return new(end, count);

            // Between two steps the worker may hear that nobody wants the rest.
            await Task.Yield();
            IsolatedContext.Current?.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static bool IsPrime(int number)
    {
        if (number % 2 == 0)
        {
            return number == 2;
        }

        for (var divisor = 3; divisor <= number / divisor; divisor += 2)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return number > 1;
    }
}
