using FalServerless;
using FalServerless.DependencyInjection;
using FalServerless.Transport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the host of a program.</summary>
public static class FalServerlessServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="FalHost"/> that services inject and give their functions as <see cref="IsolatedOptions.Host"/>, with settings
    /// from a section of the configuration: the names of <see cref="FalServerlessOptions"/>. They are checked when the program starts, and
    /// all that is wrong is named at once.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="section">The section, as <c>configuration.GetSection("FalServerless")</c>; an empty one is all defaults.</param>
    /// <returns>
    /// The builder of the host's HTTP client, to add handlers of one's own: each attempt passes them, behind what sends again.
    /// </returns>
    /// <exception cref="OptionsValidationException">At the program's start: settings are unknown, unreadable or out of range.</exception>
    public static IHttpClientBuilder AddFalServerless(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        var settings = new SettingsSection(section);
        services.AddSingleton<IConfigureOptions<FalServerlessOptions>>(settings);
        services.AddSingleton<IValidateOptions<FalServerlessOptions>>(settings);
        return AddHost(services);
    }

    /// <summary>
    /// Registers a <see cref="FalHost"/> that services inject and give their functions as <see cref="IsolatedOptions.Host"/>. What is set
    /// is checked when the program starts, and all that is wrong is named at once.
    /// </summary>
    /// <param name="services">The program's services.</param>
    /// <param name="configure">Sets what shall differ from its default.</param>
    /// <returns>
    /// The builder of the host's HTTP client, to add handlers of one's own: each attempt passes them, behind what sends again.
    /// </returns>
    /// <exception cref="OptionsValidationException">At the program's start: something is malformed or out of range.</exception>
    public static IHttpClientBuilder AddFalServerless(this IServiceCollection services, Action<FalServerlessOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        return AddHost(services);
    }

    private static IHttpClientBuilder AddHost(IServiceCollection services)
    {
        // A second call only adds settings: the pipeline is there once.
        if (services.Any(service => service.ServiceType == typeof(ConfiguredConnection)))
        {
            return services.AddHttpClient(HostHttp.Name);
        }

        services.AddOptions<FalServerlessOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<FalServerlessOptions>, OptionsCheck>();
        services.AddSingleton<ConfiguredConnection>();
        services.TryAddSingleton(provider => provider.GetRequiredService<ConfiguredConnection>().ToHost(provider));
        return HostHttp.Add(services, static provider => provider.GetRequiredService<ConfiguredConnection>().Require());
    }
}
