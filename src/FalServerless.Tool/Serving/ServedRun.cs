using System.Reflection;
using System.Runtime.InteropServices;
using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Runtime.Configuration;
using FalServerless.Runtime.Gateway;
using FalServerless.Runtime.Hosting;
using FalServerless.Runtime.Keys;
using FalServerless.Runtime.Observability;
using Microsoft.Extensions.Logging;

namespace FalServerless.Tool.Serving;

/// <summary>A served host from its start to its end. The first signal lets calls end; a second one ends everything at once.</summary>
internal static class ServedRun
{
    /// <summary>What shells report for a process that a signal has ended is 128 and its number.</summary>
    private const int Killed = 128;

    public static async Task<int> RunAsync(ServeSettings settings)
    {
        using var state = StateFolder.Take(settings.State);
        using var ending = new EndingSignals();
        using var output = new ErrorOutput(Console.Error, TimeProvider.System, settings.LogLevel);
        var log = output.Host;
        using var reading = KeyStore.Open(state.Path);
        using var writing = KeyStore.Open(state.Path);
        var keyring = new Keyring(reading);
        using var uses = new KeyUses(keyring, writing, TimeProvider.System);
        Log.Starting(log, Version, Environment.ProcessId, state.Path, settings.Data);
        await using (
            var host = RuntimeHost.Create(
                Options(settings),
                new NetworkListenerConfiguration(settings.Addresses, settings.Certificate, output),
                keyring,
                writing,
                log
            )
        )
        {
            await host.StartAsync();
            Announce(settings, host, keyring, log);
            var signal = await ending.First;
            Log.Draining(log, signal.ToString(), Plural.Of(host.Calls, "call"), settings.DrainLimit.TotalSeconds);
            if (await host.DrainAsync(settings.DrainLimit, ending.ForceShutdown) is > 0 and var left)
            {
                Log.DrainOverdue(log, Plural.Of(left, "call"));
            }
        }

        settings.Certificate?.Dispose();
        Log.Ended(log);
        return ending.Second is { } second ? Killed + Number(second) : 0;
    }

    private static string Version =>
        typeof(ServedRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";

    private static HostOptions Options(ServeSettings settings) =>
        new()
        {
            Directory = PrivateFolder.Create(),
            StateDirectory = settings.State,
            DataDirectory = settings.Data,
            EnvironmentsDirectory = settings.Environments,
            ConfigurationDirectory = Directory.GetCurrentDirectory(),
            Settings = settings.Host,
            RefusesLarger = true,
            KeyLimits = settings.KeyLimits,
        };

    private static void Announce(ServeSettings settings, RuntimeHost host, Keyring keyring, ILogger log)
    {
        foreach (var address in settings.InsecureAddresses)
        {
            Log.Insecure(log, address.Text);
        }

        if (keyring.Count == 0)
        {
            Log.NoKeys(log, $"fal-serverless key create --state {settings.State}");
        }

        Console.Out.WriteLine($"fal-serverless: listening on {string.Join(", ", host.Addresses)}");
    }

    private static int Number(PosixSignal signal) => signal == PosixSignal.SIGINT ? 2 : 15;
}
