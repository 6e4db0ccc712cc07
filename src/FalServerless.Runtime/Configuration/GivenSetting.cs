namespace FalServerless.Runtime.Configuration;

/// <summary>A setting as somebody wrote it.</summary>
/// <param name="Text">What it is.</param>
/// <param name="Name">What it is called there: <c>FAL_CPUS</c>, <c>--cpus</c>, <c>cpus in /etc/fal.json</c>.</param>
/// <param name="Directory">The folder that a relative path starts from; null where only an absolute one will do.</param>
internal readonly record struct GivenSetting(string Text, string Name, string? Directory = null);
