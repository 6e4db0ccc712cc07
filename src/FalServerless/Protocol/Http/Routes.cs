namespace FalServerless.Protocol.Http;

/// <summary>The paths of the gateway and the words of its HTTP.</summary>
internal static class Routes
{
    public const string Invocations = "/v1/invocations";
    public const string InvocationPrefix = Invocations + "/";
    public const string Workers = "/v1/workers";
    public const string WorkerPrefix = Workers + "/";

    /// <summary>Behind the path of a worker: the last lines that it wrote.</summary>
    public const string WorkerLogs = "/logs";

    /// <summary>Tells a caller of the key that the request carries.</summary>
    public const string Key = "/v1/key";

    /// <summary>Answers 200 while the host's process serves, without a key.</summary>
    public const string Live = "/health/live";

    /// <summary>Answers 200 while the host takes calls, 503 while it starts or drains, without a key.</summary>
    public const string Ready = "/health/ready";

    public const string Blobs = "/v1/blobs/";
    public const string Environments = "/v1/environments";
    public const string EnvironmentPrefix = Environments + "/";

    /// <summary>Takes what a folder of <c>/data</c> shall become; answers what content is lacking, or that it has become that.</summary>
    public const string Data = "/v1/data";

    /// <summary>Takes pieces of content; see <see cref="ContentPiece"/>.</summary>
    public const string DataContents = "/v1/data/contents";

    /// <summary>Gives the entries of a folder: <c>?path=/data/x&amp;recursive=true</c>.</summary>
    public const string DataEntries = "/v1/data/entries";

    /// <summary>Gives the content of one file, whole or a range: <c>?path=/data/x/y</c>.</summary>
    public const string DataFiles = "/v1/data/files";

    /// <summary>Follows an invocation's id: gives a detached call's events, <c>?from=0&amp;follow=true&amp;only=logs</c>.</summary>
    public const string EventsSuffix = "/events";

    public const string FromQuery = "from";
    public const string FollowQuery = "follow";
    public const string OnlyQuery = "only";

    /// <summary>Of a cancellation: <c>true</c> where the caller continues to read until the body's last output.</summary>
    public const string LeavingQuery = "leaving";
    public const string OnlyLogs = "logs";
    public const string OnlyOutcome = "outcome";

    public const string MessageMediaType = "application/vnd.msgpack";
    public const string PiecesMediaType = "application/vnd.fal-serverless.pieces";
    public const string EventsMediaType = "application/vnd.fal-serverless.events";
    public const string KeyScheme = "Key";

    public static string Invocation(Guid id) => $"{InvocationPrefix}{id:n}";

    public static string Worker(string id) => WorkerPrefix + Uri.EscapeDataString(id);

    public static string Blob(ContentHash hash) => Blobs + hash;
}
