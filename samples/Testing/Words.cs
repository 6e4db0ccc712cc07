using FalServerless;

namespace Testing;

/// <summary>What is tested here: a service that works on whatever host it is given.</summary>
public sealed class Words(FalHost host)
{
    private readonly IsolatedFunction<string, int> _count = Isolated.Create((string path) => Count(path), new() { Host = host });

    public Task<int> CountAsync(string path) => _count.InvokeAsync(path);

    private static int Count(string path)
    {
        var words = File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Console.WriteLine($"{path}: {words.Length} words");
        return words.Length;
    }
}
