using System.Text;
using CsCheck;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.UnitTests.Transport;

[Collection(nameof(AllocationMeasurements))]
public class HostileHostTests
{
    private const long AllocationLimit = 64 << 20;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases => [.. Answers().Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AForgedAnswerGivesAnErrorOfTheProtocolOrTheHost(string name)
    {
        using var host = new FakeHost { Answer = Answers()[name] };
        var function = Isolated.Create((int value) => value + 1, new() { Host = host });
        var before = GC.GetTotalAllocatedBytes();

        var error = await Assert.ThrowsAnyAsync<FalServerlessException>(() => function.InvokeAsync(1, Token).WaitAsync(Deadline, Token));

        Assert.True(error is ProtocolException or HostUnreachableException, $"It was {error}");
        Assert.NotEqual("", error.Message);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, AllocationLimit);
    }

    [Fact]
    public async Task AnAnswerAsItShouldBeGivesTheResult()
    {
        using var host = new FakeHost { Answer = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, [7])) };

        Assert.Equal(7, await Isolated.Create((int value) => value + 1, new() { Host = host }).InvokeAsync(1, Token));
    }

    [Fact]
    public async Task MutatedAnswersGiveAResultOrAnErrorOfTheProtocolOrTheHost()
    {
        using var host = new FakeHost();
        var function = Isolated.Create((int value) => value + 1, new() { Host = host, OnLog = _ => { } });
        var log = new System.Buffers.ArrayBufferWriter<byte>();
        LogEntryCodec.Write(log, LogEntryLevel.Info, LogEntrySource.User, DateTimeOffset.UnixEpoch, "line");
        byte[] body = [.. FakeHost.Event(InvocationEventKind.Log, log.WrittenSpan), .. FakeHost.Event(InvocationEventKind.Result, [7])];
        var answers = Gen.OneOf(Mutation.Of(body).Select(mutated => FakeHost.Ok(mutated)), Mutation.Of(FakeHost.Ok(body)));
        foreach (var answer in answers.Take(1000))
        {
            host.Answer = answer;
            try
            {
                await function.InvokeAsync(1, Token).WaitAsync(Deadline, Token);
            }
            catch (Exception e) when (e is ProtocolException or HostUnreachableException) { }
        }
    }

    private static Dictionary<string, byte[]> Answers()
    {
        const string Message = "Content-Type: application/vnd.msgpack\r\n";
        var unknown = RefusalCodec.Write(new() { Reason = RefusalReason.UnknownFunction, Message = "unknown" });
        var missing = RefusalCodec.Write(
            new()
            {
                Reason = RefusalReason.MissingContent,
                Message = "missing",
                Missing = [ContentHash.Of("else"u8)],
            }
        );
        var nothingMissing = RefusalCodec.Write(new() { Reason = RefusalReason.MissingContent, Message = "missing" });
        return new()
        {
            ["nothing"] = [],
            ["garbage"] = "garbage\r\n\r\n"u8.ToArray(),
            ["half a status line"] = "HTTP/1.1 200"u8.ToArray(),
            ["half of the headers"] = "HTTP/1.1 200 OK\r\nContent-Le"u8.ToArray(),
            ["no events"] = FakeHost.Ok([]),
            ["fewer bytes than said"] = FakeHost.Http("200 OK", "Content-Length: 100\r\n", [1, 2, 3]),
            ["half an event header"] = FakeHost.Ok([1, 0]),
            ["half an event"] = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, [7, 7, 7])[..^1]),
            ["an event of 2 GB"] = FakeHost.Ok([0xff, 0xff, 0xff, 0x7f, 2]),
            ["an event of 512 MB that never comes"] = FakeHost.Ok([0, 0, 0, 0x20, 2, 1, 2, 3]),
            ["an event of negative length"] = FakeHost.Ok([0xff, 0xff, 0xff, 0xff, 2]),
            ["an event of no kind"] = FakeHost.Ok([0, 0, 0, 0, 0]),
            ["an event of an unknown kind"] = FakeHost.Ok([0, 0, 0, 0, 99]),
            ["a forged log entry"] = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Log, [0x94, 1, 2])),
            ["a result of another type"] = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, [0xa1, 0x61])),
            ["an empty result"] = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, [])),
            ["a result with more behind it"] = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, [7, 7])),
            ["an event after the result"] = FakeHost.Ok([
                .. FakeHost.Event(InvocationEventKind.Result, [7]),
                .. FakeHost.Event(InvocationEventKind.Result, [7]),
            ]),
            ["a forged failure"] = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Failure, [0x9a, 0xc0])),
            ["a forged refusal event"] = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Refusal, [0x95, 1])),
            ["a refusal of another version"] = FakeHost.Http("400 Bad Request", Message + "Content-Length: 1\r\n", [0x90]),
            ["a refusal that is cut off"] = FakeHost.Http("400 Bad Request", Message + "Content-Length: 50\r\n", unknown),
            ["a refusal of 2 GB"] = FakeHost.Http("400 Bad Request", Message + "Content-Length: 2000000000\r\n", unknown),
            ["a refusal without an end"] = FakeHost.Http("400 Bad Request", Message + "Connection: close\r\n", new byte[40 << 20]),
            ["a status without words"] = FakeHost.Http("500 Oops", "Content-Type: text/plain\r\nContent-Length: 2\r\n", "no"u8),
            ["a redirect"] = FakeHost.Http("302 Found", "Location: http://elsewhere.example/\r\nContent-Length: 0\r\n", []),
            ["another protocol"] = FakeHost.Http("101 Switching Protocols", "Upgrade: h2c\r\nConnection: Upgrade\r\n", []),
            ["an unknown function for ever"] = FakeHost.Http("404 Not Found", $"{Message}Content-Length: {unknown.Length}\r\n", unknown),
            ["missing content that is none of the function's"] = FakeHost.Http(
                "409 Conflict",
                $"{Message}Content-Length: {missing.Length}\r\n",
                missing
            ),
            ["no missing content"] = FakeHost.Http("409 Conflict", $"{Message}Content-Length: {nothingMissing.Length}\r\n", nothingMissing),
            ["a forged chunk"] = FakeHost.Http("200 OK", "Transfer-Encoding: chunked\r\n", "zz\r\n"u8),
            ["a chunk that is cut off"] = FakeHost.Http("200 OK", "Transfer-Encoding: chunked\r\n", "ff\r\nabc"u8),
            ["headers without an end"] = Encoding.ASCII.GetBytes(
                "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("A: b\r\n", 100_000))
            ),
        };
    }
}
