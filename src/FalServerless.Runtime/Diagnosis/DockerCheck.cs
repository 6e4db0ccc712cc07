using System.Net.Sockets;
using System.Text.Json;
using FalServerless.Runtime.Workers.Processes;

namespace FalServerless.Runtime.Diagnosis;

/// <summary>Docker: the client's program, and whether an engine answers. Workers are processes where there is none.</summary>
internal static class DockerCheck
{
    private const string Name = "docker";
    private const string UsualSocket = "/var/run/docker.sock";
    private const string Scheme = "unix://";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static async Task<Finding> RunAsync()
    {
        var client = ExecutableFinder.Find("docker") is { } path ? $"client {path}" : "no client";
        var named = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } value ? value : Scheme + UsualSocket;
        if (!named.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return Finding.Limited(
                Name,
                $"{client}; DOCKER_HOST is '{named}'",
                "Only an engine on a socket of this machine is looked at (unix://…). Nothing of fal-serverless needs it: workers "
                    + "are processes."
            );
        }

        try
        {
            return Finding.Works(Name, $"{client}; engine {await VersionAsync(named[Scheme.Length..])}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or IOException)
        {
            var socket = named[Scheme.Length..];
            var denied = e.GetBaseException() is SocketException { SocketErrorCode: SocketError.AccessDenied };
            var reason =
                !File.Exists(socket) ? "there is no such socket"
                : e is OperationCanceledException ? $"nothing came within {Limit.TotalSeconds:0} s"
                : e.GetBaseException().Message;
            return Finding.Limited(
                Name,
                $"{client}; no engine answers at '{socket}': {reason}",
                denied
                    ? "This user may not use the engine: add it to the group 'docker'. Without one workers are processes, and all works."
                    : "Nothing need be done: workers are processes. For an engine install Docker and start it."
            );
        }
    }

    private static async Task<string> VersionAsync(string path)
    {
        using var http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = async (_, token) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    try
                    {
                        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            }
        );
        using var limit = new CancellationTokenSource(Limit);
        using var answer = JsonDocument.Parse(await http.GetStringAsync("http://docker/version", limit.Token));
        return answer.RootElement.TryGetProperty("Version", out var version) ? version.ToString() : "of an unknown version";
    }
}
