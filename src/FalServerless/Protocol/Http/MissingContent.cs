namespace FalServerless.Protocol.Http;

/// <summary>Content that a host lacks, wholly or from some byte on.</summary>
/// <param name="Content">Which.</param>
/// <param name="Received">How many of its first bytes the host has from an upload that broke.</param>
internal readonly record struct MissingContent(ContentHash Content, long Received);
