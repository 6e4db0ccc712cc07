using FalServerless.Internal;
using FalServerless.Runtime.Diagnosis;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Diagnosis;

public class HostCheckTests
{
    [Fact]
    public async Task AClockThatIsNotTheHostsIsSaid()
    {
        await using var host = await ServedHost.StartAsync();

        // It begins at some moment of its own.
        var findings = await new HostCheck(HostAddress.Read(host.Address, out _)!, new ManualTime()).RunAsync(
            TestContext.Current.CancellationToken
        );

        Assert.Equal(Condition.Works, findings[0].Condition);
        Assert.Equal(("clock", Condition.Limited), (findings[1].Name, findings[1].Condition));
        Assert.Matches(@"^\d+ s (behind|ahead of) the host's$", findings[1].Found);
        Assert.Equal(("key", Condition.Fails), (findings[2].Name, findings[2].Condition));
    }
}
