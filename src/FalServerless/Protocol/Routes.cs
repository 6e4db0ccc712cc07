namespace FalServerless.Protocol;

/// <summary>The paths of the gateway and the words of its HTTP.</summary>
internal static class Routes
{
    public const string Invocations = "/v1/invocations";
    public const string InvocationPrefix = Invocations + "/";
    public const string Workers = "/v1/workers";
    public const string Blobs = "/v1/blobs/";
    public const string Environments = "/v1/environments";
    public const string EnvironmentPrefix = Environments + "/";
    public const string MessageMediaType = "application/vnd.msgpack";
    public const string EventsMediaType = "application/vnd.fal-serverless.events";
    public const string KeyScheme = "Key";

    public static string Invocation(Guid id) => $"{InvocationPrefix}{id:n}";

    public static string Blob(ContentHash hash) => Blobs + hash;
}
