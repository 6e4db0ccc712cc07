namespace FalServerless.Tests.Shared.Randomness;

/// <summary>Bytes with a few changes by chance: flipped, cut, doubled, overwritten with numbers that lengths dislike.</summary>
internal static class Mutation
{
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
        [0xc1],
        [0xc0],
        [0x9f],
        [0xc9, 0x7f, 0xff, 0xff, 0xff, 1],
    ];

    public static byte[] Of(ReadOnlySpan<byte> bytes, Random random)
    {
        var mutated = bytes.ToArray().ToList();
        for (var left = random.Next(1, 4); left > 0 && mutated.Count > 0; left--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(6))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
                case 3:
                    mutated.InsertRange(at, mutated.GetRange(at, random.Next(Math.Min(32, mutated.Count - at) + 1)));
                    break;
                case 4:
                    mutated.RemoveRange(at, random.Next(Math.Min(8, mutated.Count - at) + 1));
                    break;
                default:
                    var trouble = Troublesome[random.Next(Troublesome.Length)];
                    mutated.RemoveRange(at, Math.Min(trouble.Length, mutated.Count - at));
                    mutated.InsertRange(at, trouble);
                    break;
            }
        }

        return [.. mutated];
    }
}
