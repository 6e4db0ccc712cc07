using System.Globalization;
using FalServerless.Hosts;
using FalServerless.Protocol;

namespace FalServerless.Testing;

/// <summary>A running host and the folder that is its alone. The next program clears the folder if this one is killed.</summary>
internal sealed class PrivateHost : IAsyncDisposable
{
    private readonly string _folder = PrivateFolder.Create();
    private readonly LocalHost _host;

    private PrivateHost(LocalHostOptions options)
    {
        var data = Path.Combine(_folder, "data");
        DataPath = Directory.CreateDirectory(Path.Combine(data, RuntimeStart.DataFiles)).FullName;
        var settings = new Dictionary<string, string> { [RuntimeStart.DataVariable] = data };
        Set("FAL_CPUS", options.Cpus);
        Set("FAL_MEMORY", options.MemoryBytes);
        Set("FAL_GPUS", options.Gpus is null ? null : string.Join(',', options.Gpus));
        Set("FAL_PREWARMED", options.Prewarmed);
        Set("FAL_ENVIRONMENTS", options.SharesEnvironments ? null : Path.Combine(_folder, "environments"));
        _host = new(settings, log: TestOutput.Write);

        void Set(string name, IConvertible? value)
        {
            if (value is not null)
            {
                settings[name] = value.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    public FalHost Host => _host;

    public string DataPath { get; }

    public static async Task<PrivateHost> StartAsync(LocalHostOptions options, CancellationToken cancellationToken)
    {
        var host = new PrivateHost(options);
        try
        {
            await host._host.ConnectAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // It waits for a process to end: not on a thread that runs other tests.
        await Task.Run(_host.Dispose);
        await Task.Run(() => TestFolder.Remove(_folder));
    }
}
