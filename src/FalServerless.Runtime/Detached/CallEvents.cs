namespace FalServerless.Runtime.Detached;

/// <summary>Where a call's events are at one moment.</summary>
/// <param name="Path">Their file; there need not be one.</param>
/// <param name="FileLength">How much of the file counts.</param>
/// <param name="Tail">What follows the file, the last event included; null for a call that has not ended.</param>
internal readonly record struct CallEvents(string Path, long FileLength, ReadOnlyMemory<byte>? Tail);
