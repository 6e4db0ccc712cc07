using System.Net.Sockets;
using System.Security.Authentication;

namespace FalServerless.Transport;

/// <summary>What an error of HTTP tells about the connection.</summary>
internal static class ConnectionFailures
{
    /// <summary>Why the host was not reached.</summary>
    public static HostUnreachableCause CauseOf(Exception error) =>
        error switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => HostUnreachableCause.NameResolution,
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => HostUnreachableCause.Proxy,
            _ when Find<AuthenticationException>(error) is not null => HostUnreachableCause.Tls,
            _ when Find<SocketException>(error) is { } socket => CauseOf(socket.SocketErrorCode),
            _ when Find<TimeoutException>(error) is not null => HostUnreachableCause.Timeout,
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => HostUnreachableCause.Reset,
            HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError } =>
                HostUnreachableCause.Reset,
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError } =>
                HostUnreachableCause.Reset,
            HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: IOException } => HostUnreachableCause.Reset,
            IOException and not HttpIOException => HostUnreachableCause.Reset,
            _ => HostUnreachableCause.Unknown,
        };

    /// <summary>Whether it is certain that no byte of the request has left: no connection was there to send it on.</summary>
    public static bool SentNothing(Exception error) =>
        error
            is HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError
                    or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError
                    or HttpRequestError.ProxyTunnelError
            }
        || IsConnectTimeout(error);

    /// <summary>Whether no connection was made in time. The handler reports that as a cancellation, though none was requested.</summary>
    public static bool IsConnectTimeout(Exception error) => error is OperationCanceledException { InnerException: TimeoutException };

    private static HostUnreachableCause CauseOf(SocketError error) =>
        error switch
        {
            SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery =>
                HostUnreachableCause.NameResolution,
            SocketError.ConnectionRefused => HostUnreachableCause.Refused,
            SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown =>
                HostUnreachableCause.NoRoute,
            SocketError.TimedOut => HostUnreachableCause.Timeout,
            SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => HostUnreachableCause.Reset,
            _ => HostUnreachableCause.Unknown,
        };

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        while (error is not (null or T))
        {
            error = error.InnerException;
        }

        return (T?)error;
    }
}
