using FalServerless.Runtime.Scheduling.Planning;

namespace FalServerless.UnitTests.Runtime.Scheduling.Planning;

/// <summary>When capacity is reserved for a call that waits for much.</summary>
public class ReservationPeriodsTests
{
    [Theory]
    [InlineData(0, false, 1)]
    [InlineData(1, true, 10)]
    [InlineData(10.5, true, 0.5)]
    [InlineData(11, false, 1)]
    [InlineData(12, true, 20)]
    [InlineData(32, false, 1)]
    [InlineData(33, true, 40)]
    public void APeriodIsTwiceAsLongAsTheOneBefore(double waited, bool isReserving, double change)
    {
        Assert.Equal(isReserving, ReservationPeriods.Contains(TimeSpan.FromSeconds(waited), out var next));
        Assert.Equal(TimeSpan.FromSeconds(change), next);
    }
}
