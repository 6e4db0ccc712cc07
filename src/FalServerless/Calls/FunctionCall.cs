using System.Buffers;
using System.Runtime.CompilerServices;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Serialization.Cultures;
using FalServerless.Serialization.Results;
using FalServerless.Transport;

namespace FalServerless.Calls;

/// <summary>Brings a call of one function to its host and the outcome back.</summary>
/// <exception cref="ArgumentException">More workers are to stay than there may be.</exception>
internal sealed class FunctionCall(CapturedFunction function, IsolatedOptions options)
{
    /// <summary>How long a reader that leaves a stream waits for the end of its body.</summary>
    private static readonly TimeSpan LeavingLimit = TimeSpan.FromSeconds(1);

    private readonly FalHost _host = options.EnsureConsistent().Host ?? FalHost.Default;
    private readonly CallOptions _environment = new()
    {
        MachineType = options.MachineType.Name,
        KeepAlive = options.KeepAlive,
        Timeout = options.Timeout,
        Requirements = options.Requirements,
        MinWorkers = options.MinWorkers,
        MaxWorkers = options.MaxWorkers,
        CallsPerWorker = options.CallsPerWorker,
        RecycleAfterCalls = options.RecycleAfterCalls,
        RecycleAboveBytes = options.RecycleAboveBytes,
        CancellationGrace = options.CancellationGrace,
    };

    private FunctionCodecs? _codecs;
    private OutcomeReader? _outcome;

    public CapturedFunction Function => function;

    public IsolatedOptions Options => options;

    // Made at the first call, by when the function's assemblies have been read.
    private FunctionCodecs Codecs => _codecs ??= new(function.Code);

    private OutcomeReader Outcome =>
        _outcome ??= new(
            Codecs,
            ResultShape.Of(function.Result).Value,
            options.OnLog is { } log ? (_, entry) => log(entry) : _host.LogOf(new(options.Name, options.MachineType))
        );

    /// <summary>
    /// What the body returned. Of a stream nothing has run by then: each reading of it is a call of its own, with the inputs and captured
    /// variables of now.
    /// </summary>
    public async Task<TResult> InvokeAsync<TResult>(object?[] inputs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var payload = Payload(inputs);
        var shape = ResultShape.Of(typeof(TResult));
        return (TResult)
            (
                shape.IsStream
                    ? shape.WrapItems(StreamAsync(payload, cancellationToken))
                    : shape.Wrap(await RunAsync(payload, cancellationToken).ConfigureAwait(false))
            )!;
    }

    /// <summary>Runs a body without a result.</summary>
    public async Task RunAsync(object?[] inputs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await RunAsync(Payload(inputs), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Submits a detached call; returns once the host has persisted it.</summary>
    /// <param name="inputs">What the body is called with.</param>
    /// <param name="result">The type of its result; <see langword="void"/> without one.</param>
    /// <param name="cancellationToken">Gives up the submission.</param>
    public async Task<SubmittedCall> SubmitAsync(object?[] inputs, Type result, CancellationToken cancellationToken)
    {
        if (options.Retries > 0 && result != typeof(void) && ResultShape.Of(result).IsStream)
        {
            throw new NotSupportedException(
                $"A detached call with a stream for its result cannot have Retries ({options.Retries}): what was read of the stream "
                    + $"before its worker crashed could not be taken back. Set Retries to 0, or return the items as one value."
            );
        }

        cancellationToken.ThrowIfCancellationRequested();
        var payload = Payload(inputs);
        var client = await _host.ConnectAsync(options.Credentials, cancellationToken).ConfigureAwait(false);
        var request = Request(payload) with { Retries = options.Retries };
        await new DetachedClient(client).SubmitAsync(function.Code, request, cancellationToken).ConfigureAwait(false);
        return new(client, request.Id, new(Codecs));
    }

    private ReadOnlySequence<byte> Payload(object?[] inputs) =>
        PayloadWriter.Write(function, Codecs.Values, inputs, hasPackages: options.Requirements.Count > 0);

    private async ValueTask<object?> RunAsync(ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            using var call = await OpenAsync(payload, cancellationToken).ConfigureAwait(false);
            return await Outcome.ReadResultAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested && e.CancellationToken != cancellationToken)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private async IAsyncEnumerable<object?> StreamAsync(
        ReadOnlySequence<byte> payload,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = await OpenAsync(payload, cancellationToken).ConfigureAwait(false);
        var isLeft = false;
        try
        {
            // A reader that is busy with an item sees its token only later; the body should not wait for that.
            await using var cancelling = cancellationToken
                .UnsafeRegister(static call => ((RemoteCall)call!).Cancel(), call)
                .ConfigureAwait(false);
            while (await Outcome.ReadItemAsync(call, cancellationToken).ConfigureAwait(false) is (true, var item))
            {
                isLeft = true;
                yield return item;
                isLeft = false;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            if (isLeft)
            {
                await Task.WhenAny(LeaveAsync(call), Task.Delay(LeavingLimit, CancellationToken.None)).ConfigureAwait(false);
            }
            else
            {
                call.Dispose();
            }
        }
    }

    // As in this process, the body's finally blocks run when its reader leaves, and what they log arrives. A body that is busy is not
    // waited for long.
    private async Task LeaveAsync(RemoteCall call)
    {
        using (call)
        using (var limit = new CancellationTokenSource(Longest(options.CancellationGrace) + LeavingLimit))
        {
            try
            {
                if (call.Leave())
                {
                    await Outcome.ReadLastLinesAsync(call, limit.Token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is FalServerlessException or OperationCanceledException or IOException or ObjectDisposedException)
            {
                // No caller waits for the call any more: its outcome is dropped, and its log ends here.
            }
        }

        static TimeSpan Longest(TimeSpan grace) => grace < TimeSpan.FromHours(1) ? grace : TimeSpan.FromHours(1);
    }

    private async ValueTask<RemoteCall> OpenAsync(ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        var client = await _host.ConnectAsync(options.Credentials, cancellationToken).ConfigureAwait(false);
        return new(client, function.Code, Request(payload));
    }

    private static byte[] Cultures() =>
        CultureFlow.Write() is { Length: <= ProtocolLimits.MaximumCultures } bytes
            ? bytes
            : throw new CaptureException(
                $"The current culture cannot be sent to a worker: its changed names and patterns take more than "
                    + $"{ProtocolLimits.MaximumCultures} bytes. Shorten them, or call under another CultureInfo.CurrentCulture."
            );

    private InvocationRequest Request(in ReadOnlySequence<byte> payload) =>
        new()
        {
            Id = Guid.NewGuid(),
            Function = function.Code.Identity,
            Options = _environment,
            Name = options.Name,
            Cultures = Cultures(),
            Payload = payload,
        };
}
