using System.Buffers;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Serialization;
using FalServerless.Serialization.Messages;
using FalServerless.Serialization.Values;
using FalServerless.Transport;

namespace FalServerless;

/// <summary>Brings a call of one function to its host and the outcome back.</summary>
internal sealed class FunctionCall(CapturedFunction function, IsolatedOptions options)
{
    // Unknown function, then missing content, then once more each if the host forgets in between.
    private const int MaximumAttempts = 4;

    private readonly FalHost _host = options.Host ?? FalHost.Local;
    private readonly Action<LogEntry> _log = options.OnLog ?? ConsoleLog.Write;
    private readonly EnvironmentSpec _environment = new()
    {
        MachineType = options.MachineType.Name,
        KeepAlive = options.KeepAlive,
        Timeout = options.Timeout,
        MaxWorkers = options.MaxWorkers,
        CallsPerWorker = options.CallsPerWorker,
        CancellationGrace = options.CancellationGrace,
    };

    private Codecs? _codecs;

    /// <summary>Made at the first call, by when the function's assemblies have been read.</summary>
    private Codecs Codec => _codecs ??= new(function.Code);

    /// <summary>The value that the body returned; null for none.</summary>
    public async Task<object?> InvokeAsync(object?[] inputs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var payload = WritePayload(inputs);
        var client = await _host.ConnectAsync(cancellationToken).ConfigureAwait(false);
        using var events = await StartAsync(client, payload, cancellationToken).ConfigureAwait(false);
        return await ReadOutcomeAsync(events, cancellationToken).ConfigureAwait(false);
    }

    private ReadOnlySequence<byte> WritePayload(object?[] inputs)
    {
        var values = new object?[function.Types.Length];
        inputs.CopyTo(values, 0);
        for (var i = 0; i < function.Captured.Count; i++)
        {
            values[inputs.Length + i] = function.Captured[i].Read();
        }

        var payload = new ArrayBufferWriter<byte>();
        try
        {
            Codec.Values.WriteAll(payload, function.Types, values, function.Use);
        }
        catch (CannotTravelException e)
        {
            throw CaptureWords.OfArgument(function, e);
        }

        return payload.WrittenCount <= ProtocolLimits.MaximumBody
            ? new(payload.WrittenMemory)
            : throw new CaptureException($"The inputs and captured variables take {payload.WrittenCount} bytes; a call takes {ProtocolLimits.MaximumBody} at most. Put large data into files that the body reads.");
    }

    private async ValueTask<EventReader> StartAsync(RuntimeClient client, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        var code = function.Code;
        var request = new InvocationRequest { Id = Guid.NewGuid(), Function = code.Identity, Environment = _environment, Name = options.Name, Payload = payload };
        for (var attempt = 1; ; attempt++)
        {
            var body = new ArrayBufferWriter<byte>(256);
            InvocationRequestCodec.Write(body, client.Knows(code.Identity) ? request : request with { Manifest = code.Manifest });
            var (events, refusal) = await client.PostAsync(body.WrittenMemory, cancellationToken).ConfigureAwait(false);
            if (events is not null)
            {
                client.Remember(code.Identity);
                return events;
            }

            if (attempt == MaximumAttempts || !await SatisfyAsync(client, code, refusal!, cancellationToken).ConfigureAwait(false))
            {
                throw RefusalErrors.ToException(refusal!);
            }
        }
    }

    // Gives the host what it asks for; false when it asks for nothing that could be given.
    private static async Task<bool> SatisfyAsync(RuntimeClient client, FunctionCode code, Refusal refusal, CancellationToken cancellationToken)
    {
        switch (refusal.Reason)
        {
            case RefusalReason.UnknownFunction:
                client.Forget(code.Identity);
                return true;
            case RefusalReason.MissingContent:
                await Parallel.ForEachAsync(refusal.Missing, cancellationToken, async (hash, cancellation) =>
                {
                    if (await client.UploadAsync(hash, code.FileOf(hash), cancellation).ConfigureAwait(false) is { } refused)
                    {
                        throw RefusalErrors.ToException(refused);
                    }
                }).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }

    private async Task<object?> ReadOutcomeAsync(EventReader events, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (kind, payload) = await events.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (kind)
            {
                case InvocationEventKind.Log:
                    _log(LogEntryCodec.Read(new(payload)));
                    break;
                case InvocationEventKind.Result:
                    var result = ReadResult(payload);
                    await events.CompleteAsync(cancellationToken).ConfigureAwait(false);
                    return result;
                case InvocationEventKind.Failure:
                    throw Codec.Failures.Read(new(payload));
                default:
                    throw RefusalErrors.ToException(RefusalCodec.Read(new(payload)));
            }
        }
    }

    private object? ReadResult(ReadOnlyMemory<byte> payload)
    {
        if (function.Result == typeof(void))
        {
            return payload.IsEmpty ? null : throw new ProtocolException("The host sent a result for a body that has none.");
        }

        return Codec.Values.Read(new(payload), function.Result);
    }

    private sealed class Codecs
    {
        public Codecs(FunctionCode code)
        {
            // A lazy sequence would run the user's code here; it is refused, with the way out.
            Values = new(code.Types, ValueLimits.Default with { RunsLazySequences = false, WritesDelegates = true });
            Failures = new(Values, code.Types);
        }

        public ValueSerializer Values { get; }

        public FailureConverter Failures { get; }
    }
}
