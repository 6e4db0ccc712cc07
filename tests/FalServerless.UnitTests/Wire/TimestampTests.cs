using FalServerless.Tests.Shared.Wire;

namespace FalServerless.UnitTests.Wire;

public class TimestampTests
{
    private const long OverThirtyFourBits = 1L << 34;

    [Theory]
    [InlineData("d7ff 00000000 00000005")]
    [InlineData("c70cff 00000000 0000000000000005")]
    [InlineData("c704ff 00000005")]
    [InlineData("c708ff 00000000 00000005")]
    [InlineData("c8000cff 00000000 0000000000000005")]
    [InlineData("c900000004ff 00000005")]
    public void ALongerFormThanNeededIsReadToo(string hex)
    {
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(5), Messages.Read(Messages.FromHex(hex), (ref reader) => reader.ReadDateTime()));
    }

    [Theory]
    [InlineData("d7ff ee6b2800 00000000")]
    [InlineData("d7ff ffffffff ffffffff")]
    [InlineData("c70cff 3b9aca00 0000000000000000")]
    [InlineData("c70cff ffffffff 0000000000000000")]
    public void ASecondOfNanosecondsIsRefused(string hex)
    {
        Messages.Refused(Messages.FromHex(hex), (ref reader) => reader.ReadDateTime());
    }

    [Theory]
    [InlineData("d4ff00")]
    [InlineData("d5ff0000")]
    [InlineData("d8ff00000000000000000000000000000000")]
    [InlineData("c700ff")]
    [InlineData("c705ff0000000000")]
    [InlineData("d60500000000")]
    [InlineData("d6ff000000")]
    [InlineData("00")]
    [InlineData("c0")]
    [InlineData("a0")]
    [InlineData("")]
    public void WhatIsNoTimestampIsRefused(string hex)
    {
        Messages.Refused(Messages.FromHex(hex), (ref reader) => reader.ReadDateTime());
    }

    public static TheoryData<DateTime, string> Times =>
        new()
        {
            { DateTime.UnixEpoch, "d6ff00000000" },
            { DateTime.UnixEpoch.AddTicks(1), "d7ff0000019000000000" },
            { DateTime.UnixEpoch.AddTicks(-1), "c70cff3b9ac99cffffffffffffffff" },
            { DateTime.UnixEpoch.AddSeconds(-1), "c70cff00000000ffffffffffffffff" },
            { DateTime.UnixEpoch.AddSeconds(OverThirtyFourBits).AddTicks(-1), "d7ffee6b2673ffffffff" },
            { DateTime.UnixEpoch.AddSeconds(OverThirtyFourBits), "c70cff000000000000000400000000" },
            { DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), "c70cff00000000fffffff1886e0900" },
            { DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), "c70cff3b9ac99c0000003afff4417f" },
        };

    [Theory]
    [MemberData(nameof(Times))]
    public void ATimeComesBackToTheTickAsUtc(DateTime time, string expected)
    {
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.Write(time)));
        var read = Messages.Read(Messages.FromHex(expected), (ref reader) => reader.ReadDateTime());
        Assert.Equal(time, read);
        Assert.Equal(DateTimeKind.Utc, read.Kind);
    }

    [Fact]
    public void ALocalTimeIsWrittenAsUtcAndAnUnspecifiedOneIsTakenForUtc()
    {
        var utc = new DateTime(2026, 7, 1, 12, 30, 0, DateTimeKind.Utc);
        var expected = Messages.WrittenHex((ref writer) => writer.Write(utc));
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.Write(utc.ToLocalTime())));
        Assert.Equal(expected, Messages.WrittenHex((ref writer) => writer.Write(DateTime.SpecifyKind(utc, DateTimeKind.Unspecified))));
    }

    [Fact]
    public void PartsOfATickAreCutOff()
    {
        var message = new Value.Timestamp(-1, 199).Written();
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(-1).AddTicks(1), Messages.Read(message, (ref reader) => reader.ReadDateTime()));
        var last = new Value.Timestamp(253402300799, 999_999_999).Written();
        Assert.Equal(DateTime.MaxValue, Messages.Read(last, (ref reader) => reader.ReadDateTime()));
    }

    [Theory]
    [InlineData(-62135596801, 999_999_999U)]
    [InlineData(253402300800, 0U)]
    [InlineData(long.MinValue, 0U)]
    [InlineData(long.MaxValue, 999_999_999U)]
    public void ATimestampThatNoDateTimeHoldsIsRefused(long seconds, uint nanoseconds)
    {
        var message = new Value.Timestamp(seconds, nanoseconds).Written();
        Messages.Refused(message, (ref reader) => reader.ReadDateTime());
    }
}
