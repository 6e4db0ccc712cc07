using System.Buffers;
using System.Net;
using FalServerless.Capture;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>Speaks with a host about detached calls. All of it may be asked again, so a connection that breaks is made again.</summary>
internal sealed class DetachedClient(RuntimeClient client)
{
    public RuntimeClient Runtime => client;

    /// <summary>Submits a detached call; returns once the host has persisted it.</summary>
    /// <exception cref="HostUnreachableException">The connection broke, and did not come back.</exception>
    /// <exception cref="FalServerlessException">The host refuses the call.</exception>
    public async Task SubmitAsync(FunctionCode code, InvocationRequest request, CancellationToken cancellationToken)
    {
        var repeatable = new RepeatableRequest(request, client.Time);
        try
        {
            await RepeatAsync(
                    async () =>
                    {
                        await FunctionDelivery.SubmitAsync(client, code, repeatable.Next(), cancellationToken).ConfigureAwait(false);
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
            async () =>
            {
                using var response = await SendAsync(HttpMethod.Get, Routes.Invocation(id), id, cancellationToken).ConfigureAwait(false);
                return InvocationRecordCodec.Read(await ReadAsync(response, cancellationToken).ConfigureAwait(false));
            },
            "",
            cancellationToken
        );

    /// <summary>What the host keeps of all calls that this program's key may see, the first one first.</summary>
    public Task<IReadOnlyList<InvocationRecord>> ListAsync(CancellationToken cancellationToken) =>
        RepeatAsync(
            async () =>
            {
                using var response = await client
                    .RequestAsync(HttpMethod.Get, Routes.Invocations, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return InvocationRecordCodec.ReadAll(await ReadAsync(response, cancellationToken).ConfigureAwait(false));
            },
            "",
            cancellationToken
        );

    /// <summary>Cancels a call; nothing if it has ended.</summary>
    /// <exception cref="InvocationNotFoundException">The host keeps none with that id.</exception>
    public Task CancelAsync(Guid id, CancellationToken cancellationToken) =>
        RepeatAsync(
            async () =>
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
        return await EventReader.OpenAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> RepeatAsync<T>(Func<Task<T>> ask, string hint, CancellationToken cancellationToken)
    {
        for (var repeats = 0; ; repeats++)
        {
            try
            {
                return await ask().ConfigureAwait(false);
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

    private async ValueTask<HttpResponseMessage> SendAsync(HttpMethod method, string route, Guid id, CancellationToken cancellationToken)
    {
        var response = await client.SendAsync(method, route, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        var isUnknown = response.StatusCode == HttpStatusCode.NotFound;
        var refusal = await ResponseBody.ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false);
        throw isUnknown ? new InvocationNotFoundException(id, refusal.Message) : client.Refused(refusal);
    }

    private static ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        ResponseBody.ReadAsync(response, "an answer about its invocations", ResponseBody.MaximumList, cancellationToken);
}
