using System.Net;
using FalServerless.Capture;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>Speaks with a host about detached calls. All of it may be asked again, so a connection that breaks is made again.</summary>
internal sealed class DetachedClient(RuntimeClient client)
{
    // A record has 256 requirements at most, and a list as many records as a host keeps.
    private const int MaximumAnswer = 64 << 20;

    public RuntimeClient Runtime => client;

    /// <summary>Has the host take the call in. When this returns, the host keeps it, whatever happens.</summary>
    /// <exception cref="HostUnreachableException">The connection broke, and did not come back.</exception>
    /// <exception cref="FalServerlessException">The host refuses the call.</exception>
    public async Task SubmitAsync(FunctionCode code, InvocationRequest request, CancellationToken cancellationToken)
    {
        var sent = client.Time.GetTimestamp();
        try
        {
            await RepeatAsync(
                    async repeats =>
                    {
                        // Rounded up: a host must not take the call for younger than it is.
                        var age = client.Time.GetElapsedTime(sent) + TimeSpan.FromMilliseconds(1);
                        await FunctionDelivery
                            .SubmitAsync(client, code, repeats == 0 ? request : request with { Age = age }, cancellationToken)
                            .ConfigureAwait(false);
                        return true;
                    },
                    $" Whether the host has taken the call {request.Id:n} in is unknown; Invocation.FindAsync tells, once the host "
                        + $"can be reached.",
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = client.CancelAsync(request.Id, isOnItsWay: true);
            throw;
        }
    }

    /// <summary>What the host keeps of a call.</summary>
    /// <exception cref="InvocationNotFoundException">It keeps none with that id.</exception>
    public Task<InvocationRecord> FindAsync(Guid id, CancellationToken cancellationToken) =>
        RepeatAsync(
            async _ =>
            {
                using var response = await SendAsync(HttpMethod.Get, Routes.Invocation(id), id, cancellationToken).ConfigureAwait(false);
                return InvocationRecordCodec.Read(new(await ReadAllAsync(response, cancellationToken).ConfigureAwait(false)));
            },
            "",
            cancellationToken
        );

    /// <summary>What the host keeps of all calls that this program's key may see, the first one first.</summary>
    public Task<IReadOnlyList<InvocationRecord>> ListAsync(CancellationToken cancellationToken) =>
        RepeatAsync(
            async _ =>
            {
                using var response = await SendAsync(HttpMethod.Get, Routes.Invocations, Guid.Empty, cancellationToken)
                    .ConfigureAwait(false);
                return InvocationRecordCodec.ReadAll(new(await ReadAllAsync(response, cancellationToken).ConfigureAwait(false)));
            },
            "",
            cancellationToken
        );

    /// <summary>Cancels a call; nothing if it has ended.</summary>
    /// <exception cref="InvocationNotFoundException">The host keeps none with that id.</exception>
    public Task CancelAsync(Guid id, CancellationToken cancellationToken) =>
        RepeatAsync(
            async _ =>
            {
                using var response = await SendAsync(HttpMethod.Delete, Routes.Invocation(id), id, cancellationToken).ConfigureAwait(false);
                return true;
            },
            "",
            cancellationToken
        );

    /// <summary>Opens the events of a call.</summary>
    /// <exception cref="ConnectionBrokenException">The connection broke.</exception>
    /// <exception cref="InvocationNotFoundException">The host keeps none with that id.</exception>
    public async ValueTask<EventReader> OpenEventsAsync(Guid id, string only, long from, bool follow, CancellationToken cancellationToken)
    {
        var address =
            $"{Routes.Invocation(id)}{Routes.EventsSuffix}?{Routes.FromQuery}={from}"
            + $"&{Routes.FollowQuery}={(follow ? "true" : "false")}&{Routes.OnlyQuery}={only}";
        var response = await SendAsync(HttpMethod.Get, address, id, cancellationToken).ConfigureAwait(false);
        return new(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
    }

    private async Task<T> RepeatAsync<T>(Func<int, Task<T>> ask, string hint, CancellationToken cancellationToken)
    {
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                return await ask(repeats).ConfigureAwait(false);
            }
            catch (ConnectionBrokenException e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (repeats == RepeatDelays.Count || client.HasEnded || e.IsSettled)
                {
                    var unreachable = client.Unreachable(e);
                    throw hint.Length == 0
                        ? unreachable
                        : new HostUnreachableException(unreachable.Message + hint, unreachable.Cause, unreachable);
                }

                await Task.Delay(RepeatDelays.Of(repeats), client.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<HttpResponseMessage> SendAsync(HttpMethod method, string address, Guid id, CancellationToken cancellationToken)
    {
        var response = await client.SendAsync(method, address, null, null, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent)
        {
            return response;
        }

        var isUnknown = response.StatusCode == HttpStatusCode.NotFound;
        var refusal = await RuntimeClient.ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false);
        throw isUnknown ? new InvocationNotFoundException(id, refusal.Message) : client.Refused(refusal);
    }

    // Grows with what comes, never with the length that a header claims.
    private static async Task<byte[]> ReadAllAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = new MemoryStream();
            var buffer = new byte[4096];
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > MaximumAnswer)
                {
                    throw new ProtocolException($"The host sent more than {MaximumAnswer} bytes about its invocations.");
                }
            }

            return bytes.ToArray();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RuntimeClient.Broken(e);
        }
    }
}
