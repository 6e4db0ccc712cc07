using System.Buffers;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Serialization.Values;

public class CachedFunctionTests
{
    private static readonly ValueSerializer Client = new(TypeNames.OfThisProcess, new() { WritesDelegates = true });
    private static readonly ValueSerializer Worker = new(TypeNames.OfThisProcess, new() { ReadsDelegates = true });

    [Fact]
    public void ItArrivesAsItsCodeAndFindsWhatThatProcessKeeps()
    {
        var random = Printed.Random(nameof(CachedFunctionTests));
        for (var round = 0; round < 300; round++)
        {
            var (number, text, list) = (
                random.Next(5),
                new string((char)random.Next('a', 'f'), random.Next(300)),
                Enumerable.Range(0, random.Next(4)).Select(_ => random.NextDouble()).ToList()
            );
            var point = random.Next(2) == 0 ? null : new Point(number, [.. list]);
            var cached = Cached.Create(
                (int input) => new Made($"{input} {number} {text} {string.Join(' ', list)} {point}", point?.Values.Length)
            );
            var outer = Cached.Create((int input) => cached.Invoke(input + number));

            var there = RoundTrip(cached);
            var outerThere = RoundTrip(outer);

            var input = random.Next(100);
            var made = cached.Invoke(input);
            Assert.Same(made, there.Invoke(input));
            Assert.Same(outer.Invoke(input), outerThere.Invoke(input));
            text += "!";
            Assert.NotSame(made, cached.Invoke(input));
            Assert.Same(made, there.Invoke(input));
        }
    }

    [Fact]
    public void OneThatLeadsBackToItselfIsOneAgain()
    {
        CachedFunction<int, int>? factorial = null;
        factorial = Cached.Create((int n) => n <= 1 ? 1 : n * factorial!.Invoke(n - 1));

        var there = RoundTrip(new[] { factorial, factorial });

        Assert.Same(there[0], there[1]);
        Assert.Equal(120, there[0].Invoke(5));
        Assert.Equal(120, RoundTrip<object>(factorial) is CachedFunction<int, int> boxed ? boxed.Invoke(5) : 0);
    }

    [Fact]
    public void ItsResultNeedNotTravelButItTravelsToAWorkerOnly()
    {
        var client = Cached.Create(() => new HttpClient());

        Assert.Same(client.Invoke(), RoundTrip(client).Invoke());
        Assert.Contains(
            "delegates do not come back",
            Assert.Throws<NotSendableException>(() => Worker.Write(new ArrayBufferWriter<byte>(), typeof(object), client)).Reason,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "only data are taken",
            Assert.Throws<ProtocolException>(() => Client.Read(new(Bytes(client)), client.GetType())).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "only data are taken",
            Assert.Throws<ProtocolException>(() => Client.Read(new(Bytes<object>(client)), typeof(object))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ForgedOnesAreRefused()
    {
        var count = 5;
        var cached = Cached.Create((int x) => x + count);
        var bytes = Bytes(cached);

        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (
                var forged in new[]
                {
                    (byte)0,
                    (byte)1,
                    (byte)0x7f,
                    (byte)0x81,
                    (byte)0x90,
                    (byte)0x91,
                    (byte)0x92,
                    (byte)0xc0,
                    (byte)0xc4,
                    (byte)0xff,
                }
            )
            {
                byte[] changed = [.. bytes];
                changed[i] = forged;
                var error = Record.Exception(() => Worker.Read(new(changed), typeof(CachedFunction<int, int>)));
                Assert.True(error is null or ProtocolException, $"Byte {i} as {forged:x2} gives {error}");
            }

            Assert.Throws<ProtocolException>(() => Worker.Read(new(bytes[..i]), typeof(CachedFunction<int, int>)));
        }

        Assert.Contains(
            "has no code",
            Assert.Throws<ProtocolException>(() => Worker.Read(new([0x91, 0xC0]), typeof(CachedFunction<int, int>))).Message,
            StringComparison.Ordinal
        );
    }

    private static byte[] Bytes<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        Client.WriteAll(output, [typeof(T)], [value], FalServerless.Serialization.Methods.ClosureFieldUsage.None);
        return output.WrittenSpan[1..].ToArray();
    }

    private static T RoundTrip<T>(T value)
    {
        var output = new ArrayBufferWriter<byte>();
        Client.WriteAll(output, [typeof(T)], [value], FalServerless.Serialization.Methods.ClosureFieldUsage.None);
        return (T)Worker.ReadAll(new(output.WrittenMemory), [typeof(T)])[0]!;
    }

    private sealed record Made(string Text, int? Length);

    private sealed record Point(int X, double[] Values);
}
