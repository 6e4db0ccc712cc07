using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace FalServerless.Bench;

/// <summary>The rival: a bare Kestrel, in a process of its own and with its own defaults, that sends each body back.</summary>
internal sealed class EchoServer : IDisposable
{
    public const string Command = "echo";

    private readonly Process _process;
    private readonly string _directory;

    private EchoServer(Process process, string directory)
    {
        _process = process;
        _directory = directory;
    }

    public string Socket => Path.Combine(_directory, "echo.sock");

    public int Port { get; private set; }

    public static async Task<EchoServer> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("bench-echo-").FullName;
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Command, Path.Combine(directory, "echo.sock")])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var echo = new EchoServer(Process.Start(start)!, directory);
        echo.Port = int.Parse(
            await echo._process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The echo server did not start.")
        );
        return echo;
    }

    /// <summary>Listens on a socket and on a free loopback port, which it prints; ends with its input.</summary>
    public static async Task RunAsync(string socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(options =>
            {
                options.ListenUnixSocket(socket);
                options.Listen(System.Net.IPAddress.Loopback, 0);
            });
        await using var application = builder.Build();
        application.Run(async context =>
        {
            var body = context.Request.BodyReader;
            var read = await body.ReadAsync();
            while (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await body.ReadAsync();
            }

            context.Response.ContentLength = read.Buffer.Length;
            foreach (var segment in read.Buffer)
            {
                await context.Response.BodyWriter.WriteAsync(segment);
            }

            body.AdvanceTo(read.Buffer.End);
        });
        await application.StartAsync();
        Console.WriteLine(new Uri(application.Urls.First(url => url.StartsWith("http://127", StringComparison.Ordinal))).Port);
        while (Console.OpenStandardInput().ReadByte() >= 0) { }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        Directory.Delete(_directory, recursive: true);
    }
}
