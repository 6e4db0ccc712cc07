using System.Globalization;
using FalServerless.Tests.Shared.Wire;

namespace FalServerless.UnitTests.Wire;

/// <summary>
/// Messages that an earlier version wrote, one a line: a label, a tab, hexadecimal digits; of random values also a tab and the value.
/// What it kept and sent must be read today, and today's bytes are the same.
/// </summary>
public class RecordedMessagesTests
{
    private const string FileName = "recorded-messages.txt";

    private static readonly string[][] Lines =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Wire", FileName)).Select(line => line.Split('\t')),
    ];

    private static readonly Dictionary<string, byte[]> Recorded = Lines.ToDictionary(
        parts => parts[0],
        parts => Convert.FromHexString(parts[1])
    );

    [Fact]
    public void EveryRecordedMessageIsReadAndWrittenAsTheSameBytes()
    {
        Assert.InRange(Recorded.Count, 400, int.MaxValue);
        Assert.All(
            Recorded,
            message =>
            {
                var (label, bytes) = message;
                Assert.Equal(
                    (label, Convert.ToHexStringLower(bytes)),
                    (label, Convert.ToHexStringLower(Messages.Read(bytes, Value.ReadFrom).Written()))
                );
            }
        );
    }

    [Fact]
    public void TheSameValuesGiveTheRecordedBytes()
    {
        Assert.All(Values(), recorded => Assert.Equal(Recorded[recorded.Label], recorded.Value.Written()));
        Assert.All(
            Values(),
            recorded => Assert.Equal(recorded.Value.ToString(), Messages.Read(Recorded[recorded.Label], Value.ReadFrom).ToString())
        );
    }

    [Fact]
    public void RandomMessagesAreReadAsTheRecordedValues()
    {
        var described = Lines.Where(parts => parts.Length > 2).ToArray();
        Assert.InRange(described.Length, 300, int.MaxValue);
        Assert.All(
            described,
            parts => Assert.Equal((parts[0], parts[2]), (parts[0], Messages.Read(Recorded[parts[0]], Value.ReadFrom).ToString()))
        );
    }

    [Fact]
    public void TheSameTimesGiveTheRecordedBytes()
    {
        Assert.All(
            Times(),
            recorded => Assert.Equal(Recorded[recorded.Label], Messages.Written((ref writer) => writer.Write(recorded.Time)))
        );
        Assert.All(
            Times(),
            recorded => Assert.Equal(recorded.Time, Messages.Read(Recorded[recorded.Label], (ref reader) => reader.ReadDateTime()))
        );
    }

    internal static IEnumerable<(string Label, Value Value)> Values()
    {
        for (var bit = 0; bit <= 64; bit++)
        {
            foreach (var offset in (int[])[-1, 0])
            {
                yield return (
                    $"integer 2^{bit}{offset:+0;-0;}",
                    new Value.Integer(Int128.Min((Int128.One << bit) + offset, ulong.MaxValue))
                );
                yield return (
                    $"integer -2^{bit}{offset:+0;-0;}",
                    new Value.Integer(Int128.Max(-(Int128.One << bit) + offset, long.MinValue))
                );
            }
        }
    }

    internal static IEnumerable<(string Label, DateTime Time)> Times()
    {
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var ticks =
                i % 3 == 0
                    ? random.NextInt64(DateTime.MaxValue.Ticks) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond
                    : random.NextInt64(DateTime.MaxValue.Ticks);
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"time {i}"),
                new DateTime(i % 2 == 0 ? ticks : DateTime.UnixEpoch.Ticks + (ticks % (1L << 56)), DateTimeKind.Utc)
            );
        }
    }
}
