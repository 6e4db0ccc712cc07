using CsCheck;

namespace FalServerless.Tests.Shared.Randomness;

/// <summary>
/// Messages as an attacker, or a broken wire, would make them of good ones: with a few bytes changed, repeated, put in or gone.
/// </summary>
internal static class Mutation
{
    private const int MostChanges = 4;
    private const int LongestRepeat = 32;
    private const int LongestGap = 8;
    private const int LongestSplice = 64;

    // Places are parts of so many, as a message has another length after each change.
    private const int Places = 1 << 16;

    // Headers with the widest lengths, counts that overflow, extensions, and the code that is never used.
    private static readonly byte[][] Troublesome =
    [
        [0xff, 0xff, 0xff, 0xff],
        [0x7f, 0xff, 0xff, 0xff],
        [0xff, 0xff, 0xff, 0x7f],
        [0x80, 0, 0, 0],
        [0xdd, 0xff, 0xff, 0xff, 0xff],
        [0xdf, 0x7f, 0xff, 0xff, 0xff],
        [0xc6, 0xff, 0xff, 0xff, 0xff],
        [0xdb, 0x7f, 0xff, 0xff, 0xff],
        [0xc9, 0x7f, 0xff, 0xff, 0xff, 1],
        [0xd4, 0xff, 1],
        [0xd4, 5, 1],
        .. Convert.FromHexString("007f808190939fbfc0c1c4c6c9cbcfd3d4d6d8dbdddfe0ff").Select(code => new[] { code }),
    ];

    private static readonly Gen<int> Place = Gen.Int[0, Places - 1];

    /// <summary>One of the messages, with one to four changes.</summary>
    public static Gen<byte[]> Of(params byte[][] messages) => Of(Gen.OneOf(messages), messages);

    /// <summary>The message with one to four changes, some of which put in pieces of others.</summary>
    public static Gen<byte[]> Of(byte[] message, byte[][] others) => Of(Gen.Const(message), others);

    private static Gen<byte[]> Of(Gen<byte[]> messages, byte[][] others) =>
        Gen.Select(
            messages,
            Gen.OneOf(Changes(others)).Array[1, MostChanges],
            (message, changes) =>
            {
                var bytes = message.ToList();
                foreach (var change in changes)
                {
                    if (bytes.Count > 0)
                    {
                        change(bytes);
                    }
                }

                return bytes.ToArray();
            }
        );

    private static Gen<Action<List<byte>>>[] Changes(byte[][] messages) =>
        [
            At(Gen.Int[0, 7], (bytes, at, bit) => bytes[at] ^= (byte)(1 << bit)),
            At(Gen.Byte, (bytes, at, value) => bytes[at] = value),
            At(Gen.Int[-2, 2], (bytes, at, step) => bytes[at] = (byte)(bytes[at] + step)),
            At(Gen.Byte, (bytes, at, value) => bytes.Insert(at, value)),
            At(Gen.Int[1, LongestGap], (bytes, at, length) => bytes.RemoveRange(at, Math.Min(length, bytes.Count - at))),
            At(Gen.Const(0), (bytes, at, _) => bytes.RemoveRange(at, bytes.Count - at)),
            At(
                Gen.Int[1, LongestRepeat],
                (bytes, at, length) => bytes.InsertRange(at, bytes.GetRange(at, Math.Min(length, bytes.Count - at)))
            ),
            At(
                Gen.Select(Gen.OneOf(Troublesome), Gen.Bool),
                (bytes, at, trouble) =>
                {
                    if (trouble.Item2)
                    {
                        bytes.RemoveRange(at, Math.Min(trouble.Item1.Length, bytes.Count - at));
                    }

                    bytes.InsertRange(at, trouble.Item1);
                }
            ),
            At(Piece(messages), (bytes, at, piece) => bytes.InsertRange(at, piece)),
        ];

    private static Gen<Action<List<byte>>> At<T>(Gen<T> what, Action<List<byte>, int, T> change) =>
        Gen.Select(Place, what, (place, value) => (Action<List<byte>>)(bytes => change(bytes, Scaled(place, bytes.Count), value)));

    private static Gen<byte[]> Piece(byte[][] messages) =>
        Gen.Select(
            Gen.Int[0, messages.Length - 1],
            Place,
            Gen.Int[1, LongestSplice],
            (message, place, length) => messages[message].Skip(Scaled(place, messages[message].Length)).Take(length).ToArray()
        );

    private static int Scaled(int place, int count) => (int)((long)place * count / Places);
}
