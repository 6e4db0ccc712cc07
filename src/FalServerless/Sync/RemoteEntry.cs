namespace FalServerless.Sync;

/// <summary>An entry of a folder that is downloaded.</summary>
/// <param name="Path">Within the folder, with slashes.</param>
/// <param name="Entry">What the host says of it.</param>
internal readonly record struct RemoteEntry(string Path, DataEntry Entry);
