namespace FalServerless.Capture;

/// <summary>A native library of a package.</summary>
/// <param name="Path">In the package, with slashes: <c>runtimes/linux-x64/native/libx.so</c>.</param>
/// <param name="Platform">Whose it is: <c>linux-x64</c>.</param>
internal sealed record NativeAsset(string Path, string Platform);
