namespace FalServerless.Runtime.Gateway;

/// <summary>All endpoints of a gateway.</summary>
internal sealed record GatewayEndpoints(
    InvocationEndpoints Invocations,
    BlobEndpoints Blobs,
    WorkerEndpoints Workers,
    EnvironmentEndpoints Environments,
    DataEndpoints Data,
    DetachedEndpoints Detached,
    HealthEndpoints Health
);
