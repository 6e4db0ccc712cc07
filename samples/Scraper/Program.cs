using System.Text.RegularExpressions;
using FalServerless;
using Microsoft.Extensions.Logging;

// Crawls the pages that lie beside this program. Each page is read and taken apart by an async body in a worker, several at once; Ctrl-C
// stops all of them.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

// Captured: the body reads it, so it is sent along. What else lives in this scope stays here.
var folder = Path.Combine(AppContext.BaseDirectory, "pages");

var read = Isolated.Create(
    async (IsolatedContext ctx, string name) =>
    {
        var html = await File.ReadAllTextAsync(Path.Combine(folder, name), ctx.CancellationToken);
        var title = Regex.Match(html, "<title>(.*?)</title>").Groups[1].Value;
        var links = Regex.Matches(html, "href=\"(.*?)\"").Select(link => link.Groups[1].Value).Distinct().ToArray();
        var words = Regex.Count(Regex.Replace(html, "<[^>]*>", " "), @"\w+");
        ctx.Logger.LogInformation("{Name}: {Count} links", name, links.Length);
        return new ScrapedPage(title, words, links, Environment.ProcessId);
    },
    new() { MachineType = "S", OnLog = entry => Console.WriteLine($"  {entry.Level}: {entry.Message}") }
);

try
{
    HashSet<string> seen = ["index.html"];
    List<string> level = [.. seen];
    while (level.Count > 0)
    {
        Console.WriteLine($"Reading {string.Join(", ", level)}");
        var pages = await Task.WhenAll(level.Select(name => TryReadAsync(name)));
        foreach (var page in pages.OfType<ScrapedPage>())
        {
            Console.WriteLine($"{page.Title, -20}{page.Words, 4} words, read in process {page.ProcessId}");
        }

        level = [.. pages.OfType<ScrapedPage>().SelectMany(page => page.Links).Where(seen.Add)];
    }

    Console.WriteLine($"{seen.Count} pages were linked; this is process {Environment.ProcessId}");
    return 0;
}
catch (OperationCanceledException)
{
    Console.WriteLine("Stopped");
    return 1;
}

// A link that leads nowhere is an exception in the worker, and arrives here as what it is.
async Task<ScrapedPage?> TryReadAsync(string name)
{
    try
    {
        return await read.InvokeAsync(name, stop.Token);
    }
    catch (FileNotFoundException)
    {
        Console.WriteLine($"{name} is linked, but is not there");
        return null;
    }
}

internal sealed record ScrapedPage(string Title, int Words, string[] Links, int ProcessId);
