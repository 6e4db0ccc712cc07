namespace FalServerless;

/// <summary>How a program reaches its host, for <c>services.AddFalServerless(…)</c>. Everything has a default.</summary>
public sealed class FalServerlessOptions
{
    /// <summary>
    /// The address of the host, as <c>https://fal.example.org</c>; null, the default, is the host that <c>FAL_HOST</c> names, else the
    /// profile's, else <see cref="FalHost.Local"/>.
    /// </summary>
    public string? Host { get; set; }

    /// <summary>
    /// The id of the key of functions that bring none of their own; null, the default, is the key that is configured for the host: see
    /// <see cref="FalHost.At(string)"/>.
    /// </summary>
    public string? KeyId { get; set; }

    /// <summary>The secret that belongs to <see cref="KeyId"/>.</summary>
    public string? KeySecret { get; set; }

    /// <summary>
    /// How long the making of one connection may take, TLS included, more than zero and at most 10 minutes; by default 10 seconds.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the host may take to begin its answer to anything but a call, more than zero and at most 1 day; by default 100 seconds. For
    /// each 64 KiB that are uploaded it has one second more. Calls have no such limit: see <see cref="IsolatedOptions.Timeout"/>.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// How often a request is sent again that has not run: as no connection could be made, or the host said 429 or 503. 0 to 10; by default
    /// 3. The waits between grow from 0.2 to 5 seconds, or are what the host asks for, up to 20 seconds.
    /// </summary>
    public int MaxRetries { get; set; } = 3;
}
