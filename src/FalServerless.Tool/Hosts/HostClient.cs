using System.Net;
using FalServerless.Internal;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Transport;

namespace FalServerless.Tool.Hosts;

/// <summary>Asks a host what the command line wants to know of it.</summary>
internal sealed class HostClient(HostAddress address, RuntimeClient client)
{
    // Of each list a page of paper would be too much already.
    private const int MaximumAnswer = 64 << 20;

    public HostAddress Address => address;

    public DetachedClient Detached => new(client);

    /// <summary>The key that requests carry, as the host knows it.</summary>
    public async Task<KeyRecord> KeyAsync(CancellationToken cancellationToken) =>
        KeyRecordCodec.Read(new(await GetAsync(Routes.Key, cancellationToken)));

    public async Task<IReadOnlyList<WorkerStatus>> WorkersAsync(CancellationToken cancellationToken) =>
        WorkerListCodec.Read(new(await GetAsync(Routes.Workers, cancellationToken)));

    public async Task<IReadOnlyList<LogEntry>> WorkerLogAsync(string id, int lines, CancellationToken cancellationToken) =>
        LogEntryCodec.ReadAll(new(await GetAsync($"{Routes.WorkerPrefix}{id}{Routes.WorkerLogs}?lines={lines}", cancellationToken)));

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
        EnvironmentRecordCodec.ReadAll(new(await GetAsync(Routes.Environments, cancellationToken)));

    public async Task RemoveEnvironmentAsync(ContentHash key, CancellationToken cancellationToken) =>
        (await SendAsync(HttpMethod.Delete, Routes.EnvironmentPrefix + key, null, cancellationToken)).Dispose();

    /// <summary>Has the host build an environment, unless it is there.</summary>
    /// <param name="requirements">Its requirements.</param>
    /// <param name="say">Hears of the build.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<EnvironmentRecord> BuildEnvironmentAsync(
        IReadOnlyList<string> requirements,
        Action<LogEntry> say,
        CancellationToken cancellationToken
    )
    {
        using var content = new ByteArrayContent(EnvironmentRequestCodec.Write(requirements));
        content.Headers.ContentType = new(Routes.MessageMediaType);
        var response = await SendAsync(HttpMethod.Post, Routes.Environments, content, cancellationToken);
        try
        {
            using var events = new EventReader(response, await response.Content.ReadAsStreamAsync(cancellationToken));
            while (true)
            {
                var (kind, payload) = await events.ReadAsync(cancellationToken);
                switch (kind)
                {
                    case InvocationEventKind.Log:
                        say(LogEntryCodec.Read(new(payload)));
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

    private async Task<byte[]> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaximumAnswer, cancellationToken);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new ProtocolException(
                $"The host {address} answered with more than {MaximumAnswer} bytes, which is more than any list that this command reads.",
                e
            );
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw client.Unreachable(RuntimeClient.Broken(e));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await client.SendAsync(method, path, content, null, cancellationToken);
            return response.IsSuccessStatusCode
                ? response
                : throw client.Refused(await RuntimeClient.ReadRefusalAsync(response, cancellationToken));
        }
        catch (ConnectionBrokenException e)
        {
            throw client.Unreachable(e);
        }
    }
}
