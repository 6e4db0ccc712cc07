using System.Buffers;
using System.Text;
using FalServerless.Protocol.Http;

namespace FalServerless.Tests.Shared.Transport;

/// <summary>A request as a fake host received it.</summary>
internal sealed record FakeRequest(string Method, string Path, IReadOnlyList<string> Headers, byte[] Body)
{
    public bool IsInvocation => Method == "POST";

    public bool IsCancellation => Method == "DELETE";

    /// <summary>The value of a header; null where it was not sent.</summary>
    public string? Header(string name) =>
        Headers.FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    /// <summary>What was posted.</summary>
    public InvocationRequest Invocation => InvocationRequestCodec.Read(new ReadOnlySequence<byte>(Body));

    /// <summary>Reads the next request of a connection; null at its end, also where that cuts a request off.</summary>
    public static async Task<FakeRequest?> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!EndsHead(head))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        var start = lines[0].Split(' ');
        var body = new byte[
            lines
                .Where(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal))
                .Select(line => int.Parse(line[16..]))
                .FirstOrDefault()
        ];
        return await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false) == body.Length
            ? new(start[0], start[1], lines[1..], body)
            : null;
    }

    private static bool EndsHead(List<byte> head) => head is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'];
}
