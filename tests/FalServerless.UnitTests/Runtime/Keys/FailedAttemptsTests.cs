using FalServerless.Runtime.Keys;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Keys;

public class FailedAttemptsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void SoManyFailuresAreFreeAndThenOneForEachStepOfTime()
    {
        var attempts = new FailedAttempts<string>(10, TimeSpan.FromMinutes(1), _time);
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(attempts.Wait("a"));
            Assert.Equal(i == 9, attempts.Note("a"));
        }

        Assert.Equal(TimeSpan.FromSeconds(6), attempts.Wait("a"));
        Assert.Null(attempts.Wait("b"));

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2, attempts.Wait("a")!.Value.TotalSeconds, 3);

        _time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Null(attempts.Wait("a"));
        attempts.Note("a");
        Assert.NotNull(attempts.Wait("a"));
    }

    [Fact]
    public void AfterTheWindowAllAreFreeAgainAndNothingIsRemembered()
    {
        var attempts = new FailedAttempts<string>(3, TimeSpan.FromMinutes(1), _time);
        foreach (var _ in Enumerable.Range(0, 5))
        {
            attempts.Note("a");
        }

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(attempts.Wait("a"));

        attempts.Note("b");
        Assert.Equal(1, attempts.Remembered);
    }

    [Fact]
    public void TheLongestSilentOneIsForgottenWhereThereAreTooMany()
    {
        var attempts = new FailedAttempts<int>(1, TimeSpan.FromMinutes(1), _time, capacity: 100);
        for (var who = 0; who < 1_000; who++)
        {
            attempts.Note(who);
            Assert.InRange(attempts.Remembered, 1, 100);
        }

        Assert.Null(attempts.Wait(899));
        Assert.NotNull(attempts.Wait(900));
        Assert.NotNull(attempts.Wait(999));

        // A known one that fails again takes nobody's place.
        attempts.Note(900);
        attempts.Note(1_000);
        Assert.Null(attempts.Wait(901));
        Assert.NotNull(attempts.Wait(900));
    }
}
