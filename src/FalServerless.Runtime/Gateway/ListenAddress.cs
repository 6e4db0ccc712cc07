using System.Net;

namespace FalServerless.Runtime.Gateway;

/// <summary>Where a served host listens: one IP address and port, all of <c>localhost</c>, or a Unix socket.</summary>
internal sealed record ListenAddress
{
    private const int LongestSocket = 103;
    private const int HttpPort = 80;
    private const int HttpsPort = 443;

    /// <summary>As it was written.</summary>
    public required string Text { get; init; }

    /// <summary>Null for a Unix socket, and for <c>localhost</c>, which is both loopback addresses.</summary>
    public IPEndPoint? EndPoint { get; init; }

    public int Port { get; init; }

    /// <summary>The path of a Unix socket.</summary>
    public string? Socket { get; init; }

    public bool IsTls { get; init; }

    /// <summary>Whether only this machine can reach it.</summary>
    public bool IsLocal => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>
    /// Reads <c>http://127.0.0.1:8470</c>, <c>https://[::]:8470</c>, <c>http://localhost:8470</c>, <c>https://*:8470</c> or
    /// <c>unix:/run/fal.sock</c>.
    /// </summary>
    /// <returns>Null when it is none of them, and then what is wrong.</returns>
    public static ListenAddress? TryParse(string text, out string? error)
    {
        error = null;
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            return OfSocket(text, text["unix:".Length..], out error);
        }

        // The host's name is cut out here: a URI would take 1.2 for 1.0.0.2.
        var isTls = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (
            (!isTls && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            || !TrySplit(
                text[(text.IndexOf("//", StringComparison.Ordinal) + 2)..],
                isTls ? HttpsPort : HttpPort,
                out var name,
                out var port
            )
        )
        {
            error =
                $"'{text}' is no address to listen on; write it as http://127.0.0.1:8470, https://0.0.0.0:8470, http://[::1]:8470, "
                + $"http://localhost:8470 or unix:/run/fal.sock.";
            return null;
        }

        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            error = port == 0 ? $"'{text}' asks for any free port, which two addresses cannot share; write http://127.0.0.1:0." : null;
            return error is null
                ? new()
                {
                    Text = text,
                    Port = port,
                    IsTls = isTls,
                }
                : null;
        }

        if (name is "*" or "+")
        {
            return new()
            {
                Text = text,
                EndPoint = new(IPAddress.IPv6Any, port),
                Port = port,
                IsTls = isTls,
            };
        }

        if (name.Split('.').Length is 4 or 1 && IPAddress.TryParse(name, out var address))
        {
            return new()
            {
                Text = text,
                EndPoint = new(address, port),
                Port = port,
                IsTls = isTls,
            };
        }

        error = $"'{text}' names '{name}'; a host listens on an IP address of its machine, on localhost, or on * for all.";
        return null;
    }

    private static ListenAddress? OfSocket(string text, string path, out string? error)
    {
        error =
            !Path.IsPathFullyQualified(path) ? $"'{text}' needs an absolute path, as unix:/run/fal.sock."
            : System.Text.Encoding.UTF8.GetByteCount(path) > LongestSocket
                ? $"'{text}' is longer than the {LongestSocket} bytes that the path of a socket may have."
            : null;
        return error is null ? new() { Text = text, Socket = path } : null;
    }

    private static bool TrySplit(string rest, int usualPort, out string name, out int port)
    {
        port = usualPort;
        name = rest.EndsWith('/') ? rest[..^1] : rest;
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf(']'))
        {
            if (
                !ushort.TryParse(
                    name.AsSpan(colon + 1),
                    System.Globalization.NumberStyles.None,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var given
                )
            )
            {
                return false;
            }

            (name, port) = (name[..colon], given);
        }

        return name.Length > 0 && name.IndexOfAny(['/', '?', '#', '@', ' ']) < 0;
    }
}
