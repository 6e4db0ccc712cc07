using System.CommandLine;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tool.Terminal;
using FalServerless.Transport;

namespace FalServerless.Tool.Invocations;

/// <summary><c>fal-serverless invocation logs</c>: what a detached call has logged, and continues to log.</summary>
internal static class InvocationLogsCommand
{
    public static Command Create()
    {
        var command = new Command("logs", "Shows the log of a detached call, from its beginning or any line on.");
        var follow = new Option<bool>("--follow", "-f")
        {
            Description = "Continue until the call has ended; Ctrl-C ends the reading, not the call.",
        };
        var from = NumberOptions.Option("--from", "How many lines to pass over", usual: 0, least: 0);
        var timestamps = new Option<bool>("--timestamps") { Description = "Show when each line was written, in UTC." };
        command.Add(follow);
        command.Add(from);
        command.Add(timestamps);
        var options = new InvocationOptions(command);
        options.Run(
            async (parsed, host, call, token) =>
            {
                long line = parsed.GetValue(from);

                // Once it is known that the host is there and keeps the call, a break is worth waiting for: the host may be started again.
                await host.Detached.FindAsync(call, token);
                using var events = new DetachedEvents(host.Detached, call, Routes.OnlyLogs, line, parsed.GetValue(follow));
                using var output = options.IsJson(parsed) ? (IEntryOutput)new JsonEntries() : new EntryLines(parsed.GetValue(timestamps));
                try
                {
                    while (await events.ReadAsync(token) is (InvocationEventKind.Log, var payload))
                    {
                        output.Write(LogEntryCodec.Read(payload));
                        line++;
                    }

                    output.Complete();
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    output.Complete();
                    Console.Error.WriteLine(
                        $"The invocation continues. Follow it from here with: fal-serverless invocation logs {call:n} --follow "
                            + $"--from {line}"
                    );
                    Console.Error.WriteLine($"Cancel it with: fal-serverless invocation cancel {call:n}");
                    throw;
                }
            }
        );
        return command;
    }

    private interface IEntryOutput : IDisposable
    {
        void Write(LogEntry entry);

        void Complete();
    }

    private sealed class EntryLines(bool timestamps) : IEntryOutput
    {
        public void Write(LogEntry entry) => Output.Line(LogOutput.Line(entry, timestamps));

        public void Complete() { }

        public void Dispose() { }
    }

    /// <summary>
    /// One array, whose entries are written as they come. What was begun is made whole, however the reading ends; an error before that
    /// leaves nothing.
    /// </summary>
    private sealed class JsonEntries : IEntryOutput
    {
        private bool _any;
        private bool _isWhole;

        public void Write(LogEntry entry)
        {
            Output.Line((_any ? "," : "[") + LogOutput.Json(entry).ToJsonString());
            _any = true;
        }

        public void Complete()
        {
            Output.Line(_any ? "]" : "[]");
            _isWhole = true;
        }

        public void Dispose()
        {
            if (_any && !_isWhole)
            {
                Complete();
            }
        }
    }
}
