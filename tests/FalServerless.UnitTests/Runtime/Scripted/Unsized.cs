namespace FalServerless.UnitTests.Runtime.Scripted;

/// <summary>Bytes that do not say how many they are, so that they are sent in HTTP chunks.</summary>
internal sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;
}
