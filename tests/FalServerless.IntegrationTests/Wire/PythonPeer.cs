using System.Buffers.Binary;
using System.Diagnostics;

namespace FalServerless.IntegrationTests.Wire;

/// <summary>Debian's python3-msgpack: an implementation that shares nothing with ours. One process serves a whole batch.</summary>
internal static class PythonPeer
{
    // Debian's own interpreter, as another python on the path would not see Debian's packages.
    public const string Python = "/usr/bin/python3";

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Wire", "msgpack_peer.py");

    /// <summary>Skips the running test where the peer is not installed.</summary>
    public static void SkipUnlessInstalled()
    {
        if (!File.Exists(Python))
        {
            Assert.Skip($"There is no {Python}. Install it with: apt-get install python3-msgpack");
        }

        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", "import msgpack"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Assert.Skip($"{Python} has no msgpack. Install it with: apt-get install python3-msgpack");
        }
    }

    /// <summary>
    /// Runs the peer on these messages; its answers come in pairs: what a message says, and the same value packed by the peer.
    /// </summary>
    public static async Task<IReadOnlyList<(string Description, byte[] Packed)>> RunAsync(
        IEnumerable<string> arguments,
        IEnumerable<byte[]> messages,
        CancellationToken cancellationToken
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo(Python, [Script, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var sending = Task.Run(() => SendAsync(process.StandardInput.BaseStream, messages, cancellationToken), cancellationToken);
            var answers = await ReceiveAsync(process.StandardOutput.BaseStream, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            Assert.True(process.ExitCode == 0, await errors);
            await sending;
            return answers;
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task SendAsync(Stream input, IEnumerable<byte[]> messages, CancellationToken cancellationToken)
    {
        await using var buffered = new BufferedStream(input, 1 << 16);
        var length = new byte[4];
        foreach (var message in messages)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, message.Length);
            await buffered.WriteAsync(length, cancellationToken);
            await buffered.WriteAsync(message, cancellationToken);
        }
    }

    private static async Task<List<(string Description, byte[] Packed)>> ReceiveAsync(Stream output, CancellationToken cancellationToken)
    {
        using var buffered = new BufferedStream(output, 1 << 16);
        var answers = new List<(string Description, byte[] Packed)>();
        while (
            await ReadFrameAsync(buffered, cancellationToken) is { } description
            && await ReadFrameAsync(buffered, cancellationToken) is { } packed
        )
        {
            answers.Add((System.Text.Encoding.ASCII.GetString(description), packed));
        }

        return answers;
    }

    private static async Task<byte[]?> ReadFrameAsync(Stream stream, CancellationToken cancellationToken)
    {
        var length = new byte[4];
        if (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, cancellationToken) < 4)
        {
            return null;
        }

        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await stream.ReadExactlyAsync(frame, cancellationToken);
        return frame;
    }
}
