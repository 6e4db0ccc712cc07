using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Detached;

/// <summary>A detached call as it stands in the store.</summary>
internal sealed record DetachedCall
{
    /// <summary>The request without manifest and payload.</summary>
    public required InvocationRequest Request { get; init; }

    /// <summary>The key that it belongs to.</summary>
    public required string Owner { get; init; }

    public InvocationStatus Status { get; init; } = InvocationStatus.Queued;

    public required int PayloadLength { get; init; }

    /// <summary>The file of its payload; null for one that stands in the store, and for a call that has ended.</summary>
    public string? PayloadFile { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>How many times a worker was to get it.</summary>
    public int Attempts { get; init; }

    /// <summary>How many events it has.</summary>
    public long Events { get; init; }

    /// <summary>How many bytes of them are in its file.</summary>
    public long FileLength { get; init; }

    public string? Error { get; init; }

    public Guid Id => Request.Id;

    public int Retries => Request.Retries ?? 0;

    public bool HasEnded => Status is not (InvocationStatus.Queued or InvocationStatus.Running);

    public InvocationRecord ToRecord() =>
        new()
        {
            Id = Id,
            Name = Request.Name,
            Status = Status,
            Function = Request.Function,
            MachineType = Request.Options.MachineType,
            Requirements = Request.Options.Requirements,
            Created = Created,
            Started = Started,
            Ended = Ended,
            Attempts = Attempts,
            Retries = Retries,
            Key = Owner,
            Events = Events,
            Error = Error,
        };
}
