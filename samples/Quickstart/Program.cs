using FalServerless;

// Hello: the lambda runs in a worker process, not here.
var hello = Isolated.Create(() => "Hello from a worker");
Console.WriteLine(hello.Invoke());

// A captured variable is read at each call and is sent along.
var name = "Ada";
var greet = Isolated.Create(() => $"Hello {name}, that is {name.Length} letters");
Console.WriteLine(await greet.InvokeAsync());
name = "Grace";
Console.WriteLine(await greet.InvokeAsync());

// A typed input, and LINQ over a list of records.
var bestSellers = Isolated.Create(
    (List<Sale> sales) =>
        sales
            .GroupBy(sale => sale.Product)
            .Select(group => new { Product = group.Key, Total = group.Sum(sale => sale.Price * sale.Count) })
            .OrderByDescending(product => product.Total)
            .Select(product => $"{product.Product}: {product.Total}")
            .ToArray()
);
foreach (var line in await bestSellers.InvokeAsync([new("tea", 3, 4), new("coffee", 5, 6), new("tea", 3, 2)]))
{
    Console.WriteLine(line);
}

// What the body writes arrives here while it runs.
await Isolated.Create(() => Console.WriteLine("This line was written in the worker")).InvokeAsync();

// What the body throws is thrown here, as its own type and with the remote stack.
var parse = Isolated.Create((string text) => int.Parse(text));
try
{
    await parse.InvokeAsync("forty-two");
}
catch (FormatException e)
{
    Console.WriteLine($"Caught {e.GetType().Name}: {e.Message}");
}

// Where was that?
var remoteProcess = await Isolated.Create(() => Environment.ProcessId).InvokeAsync();
Console.WriteLine($"This is process {Environment.ProcessId}, the functions ran in process {remoteProcess}");

internal sealed record Sale(string Product, decimal Price, int Count);
