namespace FalServerless.IntegrationTests.Transport;

/// <summary>Which key a call brings, and what is said when the host does not accept it.</summary>
public class HostKeyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALocalHostNeedsNoKeyAndTakesNone() =>
        Assert.Equal(7, await Isolated.Create(() => 7, new() { Host = FalHost.Local, Credentials = new("own", "key") }).InvokeAsync(Token));
}
