using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FalServerless.IntegrationTests.Programs;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime;

/// <summary>
/// A host that <c>fal-serverless serve</c> runs, with folders of its own, on a free loopback port and on a Unix socket, and with a key of
/// each scope. All that it started has a path of <see cref="Folder"/> on its command line.
/// </summary>
internal sealed class ServedHost : IAsyncDisposable
{
    private const string ListeningWords = "fal-serverless: listening on ";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly Process _process;
    private readonly StringBuilder _log;
    private readonly HttpClient _http;
    private SocketHost? _host;

    private ServedHost(
        TemporaryFolder folder,
        string state,
        Process process,
        StringBuilder log,
        IReadOnlyList<string> addresses,
        MadeKey key,
        MadeKey admin
    )
    {
        (_folder, State, _process, _log, Addresses, Key, Admin) = (folder, state, process, log, addresses, key, admin);

        // Tests make certificates of their own.
        _http = new(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
        {
            BaseAddress = new(addresses.First(address => address.StartsWith("http", StringComparison.Ordinal))),
            Timeout = StartLimit,
        };
    }

    /// <summary>Where it listens, as it said: the free port, then the socket.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>The first address.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>A key that calls functions.</summary>
    public MadeKey Key { get; }

    /// <summary>A key that may do everything.</summary>
    public MadeKey Admin { get; }

    public string Folder => _folder.Path;

    public string State { get; }

    public string Socket => _folder.File("serve.sock");

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has logged so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>The host for functions: over its Unix socket, with <see cref="Key"/>.</summary>
    public FalHost Host => _host ??= new(Socket, Key.Text, () => Log);

    public static Task<ServedHost> StartAsync(params string[] arguments) => StartAsync(null, arguments);

    /// <param name="settings">Environment variables.</param>
    /// <param name="arguments">Further ones; <c>--urls</c> replaces the free port and the socket, <c>--state</c> the folder of its
    /// own.</param>
    public static async Task<ServedHost> StartAsync(IReadOnlyDictionary<string, string>? settings, params string[] arguments)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("tmp"));
        string[] urls = arguments.Contains("--urls") ? [] : ["--urls", "http://127.0.0.1:0", "unix:" + folder.File("serve.sock")];
        var given = Array.IndexOf(arguments, "--state");
        var state = given < 0 ? folder.File("state") : arguments[given + 1];
        string[] own = given < 0 ? ["--state", state] : [];
        var process = Start(
            folder,
            settings,
            ["serve", "--data", folder.File("data"), "--environments", folder.File("environments"), .. own, .. urls, .. arguments]
        );
        var log = new StringBuilder();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        try
        {
            var keys = Task.WhenAll(MakeKeyAsync(folder, state, "--scope", "invoke"), MakeKeyAsync(folder, state, "--scope", "admin"));
            using var limit = new CancellationTokenSource(StartLimit);
            var line = await process.StandardOutput.ReadLineAsync(limit.Token);
            Assert.True(line is not null && line.StartsWith(ListeningWords, StringComparison.Ordinal), $"It did not start: {line} {log}");
            return new(folder, state, process, log, line![ListeningWords.Length..].Split(", "), (await keys)[0], (await keys)[1]);
        }
        catch
        {
            process.Kill();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Runs the command line with folders of its own; nothing is left of it.</summary>
    public static async Task<Outcome> RunAsync(IReadOnlyDictionary<string, string>? settings, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("tmp"));
        return await RunAsync(folder, settings, arguments);
    }

    /// <summary>Runs a command of the command line on the state of this host.</summary>
    public Task<Outcome> CliAsync(params string[] arguments) => RunAsync(_folder, null, [.. arguments, "--state", State]);

    /// <summary>Makes a further key.</summary>
    public Task<MadeKey> MakeKeyAsync(params string[] arguments) => MakeKeyAsync(_folder, State, arguments);

    /// <summary>Sends any request over HTTP, with the invoking key unless another authorization is given; "" is none.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        byte[]? body = null,
        string? authorization = null,
        HttpClient? http = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        request.Content?.Headers.ContentType = new MediaTypeHeaderValue(Routes.MessageMediaType);
        if (authorization != "")
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization ?? Key.Authorization);
        }

        using var response = await (http ?? _http).SendAsync(request, TestContext.Current.CancellationToken);
        return new(
            (int)response.StatusCode,
            response.Headers,
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
            response.Version
        );
    }

    /// <summary>Posts a call over HTTP and returns once the response begins.</summary>
    public async Task<CallEvents> PostAsync(byte[] body, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Routes.Invocations) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("Authorization", authorization ?? Key.Authorization);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The workers, as an admin sees them.</summary>
    public async Task<IReadOnlyList<WorkerStatus>> WorkersAsync() =>
        WorkerListCodec.Read(new((await SendAsync(HttpMethod.Get, Routes.Workers, authorization: Admin.Authorization)).Body));

    /// <summary>Asks it to end, as systemd does. Ctrl-C's signal would be ignored where the tests run in the background.</summary>
    public void Signal() => Assert.True(ProcessTable.Terminate(ProcessId));

    public void Kill() => _process.Kill();

    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>What is left of its processes: the host itself, its workers and whatever these started.</summary>
    public IReadOnlyList<int> Processes() => ProcessTable.Naming(Folder);

    /// <summary>What is left of the folders of single runs.</summary>
    public string[] RunFolders() => Directory.GetDirectories(_folder.File("tmp"), "fal-*");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _host?.Dispose();
        _process.Kill();
        await WaitForExitAsync();
        _process.Dispose();

        // Its workers see its end, and still write where they are.
        await Eventually.TrueAsync(() => Processes().Count == 0, () => $"processes {string.Join(", ", Processes())} are still there.");
        _folder.Dispose();
    }

    private static async Task<MadeKey> MakeKeyAsync(TemporaryFolder folder, string state, params string[] arguments)
    {
        var outcome = await RunAsync(folder, null, ["key", "create", "--json", "--state", state, .. arguments]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        using var made = JsonDocument.Parse(outcome.Output);
        return new(made.RootElement.GetProperty("id").GetString()!, made.RootElement.GetProperty("secret").GetString()!);
    }

    private static async Task<Outcome> RunAsync(
        TemporaryFolder folder,
        IReadOnlyDictionary<string, string>? settings,
        params string[] arguments
    )
    {
        using var process = Start(folder, settings, arguments);
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, output, await errors);
        }
        finally
        {
            process.Kill();
        }
    }

    private static Process Start(TemporaryFolder folder, IReadOnlyDictionary<string, string>? settings, params string[] arguments)
    {
        var start = ToolProgram.StartInfo();
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("FAL_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["TMPDIR"] = folder.File("tmp");
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    /// <summary>What came of a command.</summary>
    internal sealed record Outcome(int ExitCode, string Output, string Errors);

    /// <summary>A key with its secret.</summary>
    internal sealed record MadeKey(string Id, string Secret)
    {
        public string Text => $"{Id}:{Secret}";

        public string Authorization => $"{Routes.KeyScheme} {Text}";
    }

    /// <summary>A whole answer.</summary>
    internal sealed record Answer(int Status, HttpResponseHeaders Headers, byte[] Body, Version Version)
    {
        public Refusal Refusal => RefusalCodec.Read(new(Body));

        public string Text => Encoding.UTF8.GetString(Body);
    }
}
