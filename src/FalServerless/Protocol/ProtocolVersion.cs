namespace FalServerless.Protocol;

/// <summary>The version of everything that is sent. Both sides of a connection must speak the same one.</summary>
internal static class ProtocolVersion
{
    public const int Current = 2;

    /// <exception cref="ProtocolException">The other side speaks another version.</exception>
    public static void Check(int theirs, string who)
    {
        if (theirs != Current)
        {
            throw new ProtocolException(
                $"{who} speaks protocol version {theirs}, this side version {Current}. Use the same version of FalServerless on both sides."
            );
        }
    }
}
