using FalServerless.Tests.Shared.Time;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FalServerless.IntegrationTests.DependencyInjection;

public class AddFalServerlessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheServicesEndDoesNotEndTheLocalHost()
    {
        var services = Services(new());
        var host = services.GetRequiredService<FalHost>();
        Assert.Equal(7, await CallAsync(host));

        await services.DisposeAsync();

        Assert.Equal(7, await CallAsync(FalHost.Local));
    }

    private static Task<int> CallAsync(FalHost host, CloudKeyCredentials? credentials = null) =>
        Isolated.Create(() => 7, new() { Host = host, Credentials = credentials }).InvokeAsync(Token).WaitAsync(Eventually.Limit, Token);

    private static IConfigurationSection Section(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => "Fal:" + setting.Key, setting => setting.Value))
            .Build()
            .GetSection("Fal");

    private static ServiceProvider Services(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddFalServerless(Section(settings));
        return services.BuildServiceProvider();
    }
}
