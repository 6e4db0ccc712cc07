using System.Collections.Concurrent;
using System.Text;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Worker.Logs;

public class UnfinishedLinesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "10%", "\r20%", "\n")]
    [InlineData(false, "10%\r", "20%\r", "\n")]
    [InlineData(false, "Loading…", "", "\r\n")]
    [InlineData(true, "10%", "\r20%", "\n")]
    [InlineData(true, "Loading…", "", "\n")]
    public async Task WhatEndsNoLineArrivesWhileTheBodyRuns(bool pastTheConsole, string first, string second, string end)
    {
        using var folder = new TemporaryFolder();
        var (path, lines) = (folder.File("go"), new ConcurrentQueue<string>());
        var function = Isolated.Create((bool raw) => WriteAndWait(raw, path, first, second, end), new() { OnLog = Receive });

        Assert.True(await function.InvokeAsync(pastTheConsole, Token));

        // Nothing is lost, and the end of a line that was shown is not an empty one.
        string[] expected = [first.TrimEnd('\r'), .. second.Length == 0 ? [] : new[] { second.TrimEnd('\r') }, "next"];
        Assert.Equal(expected, lines);

        void Receive(LogEntry entry)
        {
            lines.Enqueue(entry.Message);
            File.WriteAllText(path, "");
        }
    }

    [Fact]
    public async Task ALineThatIsWrittenInPartsIsOne()
    {
        var lines = new ConcurrentQueue<string>();
        var function = Isolated.Create(() => Parts(), new() { OnLog = entry => lines.Enqueue(entry.Message) });

        await function.InvokeAsync(Token);

        Assert.Equal(["one two three", "four"], lines);
    }

    private static void Parts()
    {
        Console.Write("one ");
        Console.Write("two ");
        Console.WriteLine("three");
        Console.Write("four");
    }

    private static bool WriteAndWait(bool raw, string path, string first, string second, string end)
    {
        Write(raw, first);
        var hasCome = SpinWait.SpinUntil(() => File.Exists(path), TimeSpan.FromSeconds(30));
        Write(raw, second + end + "next\n");
        return hasCome;
    }

    private static void Write(bool raw, string text)
    {
        if (raw)
        {
            using var output = Console.OpenStandardOutput();
            output.Write(Encoding.UTF8.GetBytes(text));
        }
        else
        {
            Console.Write(text);
        }
    }
}
