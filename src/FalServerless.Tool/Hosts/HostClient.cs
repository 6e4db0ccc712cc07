using System.Buffers;
using System.Net;
using FalServerless.Internal;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Transport;

namespace FalServerless.Tool.Hosts;

/// <summary>Asks a host what the command line wants to know of it.</summary>
internal sealed class HostClient(HostAddress address, RuntimeClient client)
{
    public HostAddress Address => address;

    public DetachedClient Detached => new(client);

    /// <summary>The key that requests carry, as the host knows it.</summary>
    public async Task<KeyRecord> KeyAsync(CancellationToken cancellationToken) =>
        KeyRecordCodec.Read(await GetAsync(Routes.Key, cancellationToken));

    public async Task<IReadOnlyList<WorkerStatus>> WorkersAsync(CancellationToken cancellationToken) =>
        WorkerListCodec.Read(await GetAsync(Routes.Workers, cancellationToken));

    public async Task<IReadOnlyList<LogEntry>> WorkerLogAsync(string id, int lines, CancellationToken cancellationToken) =>
        LogEntryCodec.ReadAll(await GetAsync($"{Routes.WorkerPrefix}{id}{Routes.WorkerLogs}?lines={lines}", cancellationToken));

    /// <returns>Whether it ends now; false where it ends after the calls that it runs.</returns>
    public async Task<bool> StopWorkerAsync(string id, bool force, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Delete,
            $"{Routes.WorkerPrefix}{id}{(force ? "?force=true" : "")}",
            null,
            cancellationToken
        );
        return response.StatusCode != HttpStatusCode.Accepted;
    }

    public async Task<IReadOnlyList<EnvironmentRecord>> EnvironmentsAsync(CancellationToken cancellationToken) =>
        EnvironmentRecordCodec.ReadAll(await GetAsync(Routes.Environments, cancellationToken));

    public async Task RemoveEnvironmentAsync(ContentHash key, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Delete, Routes.EnvironmentPrefix + key, null, cancellationToken)).Dispose();

    /// <summary>Builds an environment on the host, unless it is there.</summary>
    /// <param name="requirements">Its requirements.</param>
    /// <param name="log">Receives the log of the build.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<EnvironmentRecord> BuildEnvironmentAsync(
        IReadOnlyList<string> requirements,
        Action<LogEntry> log,
        CancellationToken cancellationToken
    )
    {
        using var content = new MessageContent(EnvironmentRequestCodec.Write(requirements));
        var response = await SendAsync(HttpMethod.Post, Routes.Environments, content, cancellationToken);
        try
        {
            using var events = await EventReader.OpenAsync(response, cancellationToken);
            while (true)
            {
                var (kind, payload) = await events.ReadAsync(cancellationToken);
                switch (kind)
                {
                    case InvocationEventKind.Log:
                        log(LogEntryCodec.Read(new(payload)));
                        break;
                    case InvocationEventKind.Result:
                        return EnvironmentRecordCodec.Read(new(payload));
                    case InvocationEventKind.Refusal:
                        throw client.Refused(RefusalCodec.Read(new(payload)));
                    default:
                        throw new ProtocolException($"The host sent an event of kind {(int)kind} about the build of an environment.");
                }
            }
        }
        catch (ConnectionBrokenException e)
        {
            throw client.Unreachable(e);
        }
    }

    private async Task<ReadOnlySequence<byte>> GetAsync(string route, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, route, null, cancellationToken);
        try
        {
            return await ResponseBody.ReadAsync(response, "a list", ResponseBody.MaximumList, cancellationToken);
        }
        catch (ConnectionBrokenException e)
        {
            throw client.Unreachable(e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string route,
        HttpContent? content,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await client.RequestAsync(method, route, content, cancellationToken: cancellationToken);
        }
        catch (ConnectionBrokenException e)
        {
            throw client.Unreachable(e);
        }
    }
}
