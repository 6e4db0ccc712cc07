// What the examples of the documentation take for granted around them.
global using System;
global using System.Collections.Generic;
global using System.IO;
global using System.Linq;
global using System.Net.Http;
global using System.Threading;
global using System.Threading.Tasks;
global using FalServerless;
global using Humanizer;
global using static Surroundings;

internal static class Surroundings
{
    public static readonly CancellationToken cancellationToken = CancellationToken.None;

    public static string LoadReport() => "";

    public static async IAsyncEnumerable<int> Primes(int from)
    {
        await Task.Yield();
        yield return from;
    }
}

internal sealed record Sale(decimal Price, int Count);

internal sealed class Model
{
    public static Model Load(string path) => new();

    public string Predict(string path) => path;
}
