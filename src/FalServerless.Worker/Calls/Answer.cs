using FalServerless.Protocol;
using FalServerless.Protocol.Worker;

namespace FalServerless.Worker.Calls;

/// <summary>What ends a call. Its bytes are a rented buffer, which the sender returns.</summary>
internal readonly record struct Answer(WorkerFrameKind Kind, SegmentedBuffer Bytes);
