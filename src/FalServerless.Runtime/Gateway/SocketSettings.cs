using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FalServerless.Runtime.Gateway;

/// <summary>
/// Options of the socket transport with a memory pool of ours. The transport takes one only from the services of a web host, of which this
/// is as much as it needs.
/// </summary>
internal static class SocketSettings
{
    public static SocketTransportOptions Create()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionBlocks.Factory>();
        new ServicesOnly(services).UseSockets();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<SocketTransportOptions>>().Value;
    }

    private sealed class ServicesOnly(ServiceCollection services) : IWebHostBuilder
    {
        // The interface still names the type; none is requested here.
#pragma warning disable ASPDEPR008
        public IWebHost Build() => throw new NotSupportedException();
#pragma warning restore ASPDEPR008

        public IWebHostBuilder ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

        public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
        {
            configureServices(services);
            return this;
        }

        public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices) =>
            ConfigureServices(services => configureServices(new(), services));

        public string? GetSetting(string key) => null;

        public IWebHostBuilder UseSetting(string key, string? value) => this;
    }
}
