using FalServerless.Runtime.Scheduling.Planning;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Runtime.Scheduling.Planning;

/// <summary>What holds for any calls on any host, from the first to the last.</summary>
public class PlannedLivesTests
{
    private const long Gigabyte = 1L << 30;
    private const int Hosts = 300;

    private static readonly string[] Types = ["XS", "XS", "S", "S", "M", "L", "GPU-T4"];

    [Fact]
    public void NoCallWaitsBesideAFreePlaceNothingIsOverbookedAndEveryCallRuns()
    {
        var seeds = Printed.Random(of: nameof(PlannedLivesTests));
        for (var i = 0; i < Hosts; i++)
        {
            var seed = seeds.Next();
            try
            {
                Live(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The host of the seed {seed}: {e.Message}", e);
            }
        }
    }

    [Fact]
    public void ALargeCallAmongEndlessSmallOnesWaitsForTheLimitAndWhatRunsThen()
    {
        var host = new PlannedHost(new(0.5, 64 * Gigabyte, []), processors: 2);
        var (small, other, large) = (host.Add(new("XS")), host.Add(new("XS")), host.Add(new("S")));
        var runs = TimeSpan.FromMilliseconds(300);
        for (var at = TimeSpan.Zero; at < TimeSpan.FromSeconds(30); at += runs)
        {
            host.Call(small, at, runs, TimeSpan.FromSeconds(1));
            host.Call(other, at + (runs / 2), runs, TimeSpan.FromSeconds(1));
        }

        host.Call(large, TimeSpan.FromSeconds(2.01), runs, TimeSpan.Zero);
        host.Run();

        // Its turn is the 15th: seven rounds of two came before it.
        var waited = host.Waited[15];
        Assert.InRange(waited, TimeSpan.Zero, ReservationPeriods.OvertakingLimit + runs + TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public void WhileALongCallHoldsTheRestTheOthersPassInThePauses()
    {
        var host = new PlannedHost(new(0.5, 64 * Gigabyte, []), processors: 2);
        var (small, large) = (host.Add(new("XS")), host.Add(new("S")));
        host.Call(small, TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.Zero);
        host.Call(large, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.Zero);
        for (var at = TimeSpan.FromSeconds(2); at < TimeSpan.FromMinutes(4); at += TimeSpan.FromSeconds(1))
        {
            host.Call(small, at, TimeSpan.FromMilliseconds(10), TimeSpan.Zero);
        }

        host.Run();

        Assert.Equal(host.Calls.Order(), host.Waited.Keys.Order());
        var passed = host.Waited.Where(call => call.Key > 2 && call.Value < TimeSpan.FromSeconds(1)).ToArray();
        Assert.NotEmpty(passed);
    }

    private static void Live(Random random)
    {
        var host = new PlannedHost(
            new(random.Next(1, 17) / 2.0, random.Next(1, 40) * Gigabyte, random.Next(3) == 0 ? ["T4"] : ["T4", "T4"]),
            processors: random.Next(1, 9)
        );
        var pools = Enumerable
            .Range(0, random.Next(1, 7))
            .Select(_ =>
                host.Add(
                    new(Types[random.Next(Types.Length)])
                    {
                        MaximumWorkers = random.Next(1, 6),
                        SlotsPerWorker = random.Next(4) == 0 ? 3 : 1,
                    }
                )
            )
            .ToArray();
        for (var i = 0; i < random.Next(1, 60); i++)
        {
            host.Call(
                pools[random.Next(pools.Length)],
                at: TimeSpan.FromMilliseconds(random.Next(5000)),
                runs: TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(20_000) : random.Next(200)),
                keepAlive: TimeSpan.FromMilliseconds(random.Next(3) * 1000)
            );
        }

        host.Run();
        Assert.Equal(host.Calls.Order(), host.Waited.Keys.Order());
        Assert.True(host.IsWhole, "Something is still taken after the last call.");
    }
}
