using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Keys;

/// <summary>A key at its making, the only time that its secret is known here.</summary>
/// <param name="Id"><c>k_</c> and 12 letters and digits that are not taken for each other.</param>
/// <param name="Secret">256 random bits as base64url.</param>
internal sealed record NewKey(string Id, string Secret)
{
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int Length = 12;
    private const int SecretBytes = 32;

    /// <summary>As programs are given it: <c>id:secret</c>.</summary>
    public string Text => $"{Id}:{Secret}";

    public ContentHash SecretHash => HashOf(Secret);

    public static NewKey Make() =>
        new("k_" + RandomNumberGenerator.GetString(Letters, Length), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    public static ContentHash HashOf(ReadOnlySpan<char> secret)
    {
        Span<byte> bytes = stackalloc byte[256];
        return ContentHash.Of(Encoding.UTF8.TryGetBytes(secret, bytes, out var length) ? bytes[..length] : []);
    }

    /// <summary>Without the secret, in case it is printed by mistake.</summary>
    public override string ToString() => Id;
}
