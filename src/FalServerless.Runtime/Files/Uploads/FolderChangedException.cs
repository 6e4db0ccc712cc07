namespace FalServerless.Runtime.Files.Uploads;

/// <summary>A body has changed a folder while it was looked at: what is to be done has to be found out again.</summary>
internal sealed class FolderChangedException(string path) : Exception($"'{path}' was changed meanwhile.");
