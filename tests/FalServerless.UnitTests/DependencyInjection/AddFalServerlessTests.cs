using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FalServerless.UnitTests.DependencyInjection;

public class AddFalServerlessTests
{
    private static readonly byte[] Result = FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AServiceCallsTheHostOfItsSettingsWithTheirKey()
    {
        using var server = new FakeServer { Answers = [Result] };
        await using var services = Services(
            new()
            {
                ["Host"] = server.Address,
                ["KeyId"] = "app",
                ["KeySecret"] = "secret",
                ["ConnectTimeout"] = "00:00:03",
                ["MaxRetries"] = "1",
            }
        );

        var host = services.GetRequiredService<FalHost>();
        Assert.Equal(7, await CallAsync(host));
        Assert.Equal(7, await CallAsync(host, new("own", "key")));

        Assert.Same(host, services.GetRequiredService<FalHost>());
        Assert.Equal(server.Address, host.ToString());
        Assert.Equal(["Key app:secret", "Key own:key"], server.Requests.Select(request => request.Header("Authorization")));
        var options = services.GetRequiredService<IOptions<FalServerlessOptions>>().Value;
        Assert.Equal(
            (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(100), 1),
            (options.ConnectTimeout, options.RequestTimeout, options.MaxRetries)
        );
    }

    [Fact]
    public async Task SettingsInCodeDoTheSame()
    {
        using var server = new FakeServer { Answers = [Result] };
        var collection = new ServiceCollection();
        collection.AddFalServerless(options => (options.Host, options.KeyId, options.KeySecret) = (server.Address, "app", "secret"));
        await using var services = collection.BuildServiceProvider();

        Assert.Equal(7, await CallAsync(services.GetRequiredService<FalHost>()));
    }

    [Fact]
    public async Task TheSettingsOfThePipelineAreItsOwn()
    {
        using var server = new FakeServer { Answers = [FakeHost.Refused("503 Service Unavailable", RefusalReason.Host)] };
        var collection = new ServiceCollection().AddSingleton<TimeProvider>(new HurriedTime());
        collection.AddFalServerless(options =>
            (options.Host, options.KeyId, options.KeySecret, options.MaxRetries) = (server.Address, "app", "secret", 1)
        );
        await using var services = collection.BuildServiceProvider();

        await Assert.ThrowsAsync<HostUnreachableException>(() => CallAsync(services.GetRequiredService<FalHost>()));

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task AHandlerOfTheUsersOwnSeesEachAttempt()
    {
        using var server = new FakeServer { Answers = [FakeHost.Refused("503 Service Unavailable", RefusalReason.Host), Result] };
        var seen = new List<string>();
        var collection = new ServiceCollection().AddSingleton<TimeProvider>(new HurriedTime());
        collection
            .AddFalServerless(options => (options.Host, options.KeyId, options.KeySecret) = (server.Address, "app", "secret"))
            .AddHttpMessageHandler(() => new Noting(seen));
        await using var services = collection.BuildServiceProvider();

        Assert.Equal(7, await CallAsync(services.GetRequiredService<FalHost>()));

        Assert.Equal(["/v1/invocations", "/v1/invocations"], seen);
        Assert.All(server.Requests, request => Assert.Equal("yes", request.Header("X-Noted")));
    }

    [Fact]
    public async Task ASecondRegistrationAddsSettingsAndNoSecondPipeline()
    {
        using var server = new FakeServer { Answers = [FakeHost.Refused("503 Service Unavailable", RefusalReason.Host)] };
        var collection = new ServiceCollection().AddSingleton<TimeProvider>(new HurriedTime());
        collection.AddFalServerless(
            Section(
                new()
                {
                    ["Host"] = "https://fal.example.org",
                    ["KeyId"] = "app",
                    ["KeySecret"] = "secret",
                    ["MaxRetries"] = "2",
                }
            )
        );
        collection.AddFalServerless(options => options.Host = server.Address);
        await using var services = collection.BuildServiceProvider();

        await Assert.ThrowsAsync<HostUnreachableException>(() => CallAsync(services.GetRequiredService<FalHost>()));

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task AllThatIsWrongIsNamedAtOnceWhenTheProgramStarts()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Fal:Host"] = "fal.example.org",
                ["Fal:KeyId"] = "app",
                ["Fal:KeySecrt"] = "s3cret",
                ["Fal:ConnectTimeout"] = "soon",
                ["Fal:RequestTimeout"] = "-00:00:01",
                ["Fal:MaxRetries"] = "99",
            }
        );
        builder.Services.AddFalServerless(builder.Configuration.GetSection("Fal"));
        using var program = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => program.StartAsync(Token));

        Assert.All(
            new[]
            {
                "Did you mean 'https://fal.example.org'?",
                "Fal:KeySecrt: there is no such setting. Did you mean 'KeySecret'?",
                "KeySecret: it is not set",
                "Fal:ConnectTimeout: 'soon' is not a valid time",
                "RequestTimeout: it is -00:00:01",
                "MaxRetries: it is 99",
            },
            words => Assert.Contains(words, error.Message)
        );
        Assert.Equal(6, error.Failures.Count());
        Assert.DoesNotContain("s3cret", error.ToString());
    }

    [Theory]
    [InlineData("KeyId", "app", "KeySecret: it is not set")]
    [InlineData("KeySecret", "s3cret", "KeyId: it is not set")]
    [InlineData("MaxRetries", "-1", "between 0 and 10")]
    [InlineData("MaxRetries", "some", "no whole number")]
    [InlineData("RequestTimeout", "1.00:00:01", "at most 1 day")]
    [InlineData("ConnectTimeout", "00:00:00", "more than zero")]
    [InlineData("Something", "else", "Known: Host, KeyId")]
    public void ASettingThatIsWrongIsReportedWhereTheHostIsTaken(string name, string value, string words)
    {
        using var services = Services(new() { [name] = value });

        var error = Assert.Throws<OptionsValidationException>(services.GetRequiredService<FalHost>);

        Assert.Contains(words, error.Message);
        Assert.DoesNotContain("s3cret", error.Message);
    }

    [Fact]
    public async Task NoSecretIsInTheLog()
    {
        var lines = new List<string>();
        using var server = new FakeServer { Answers = [Result] };
        var collection = new ServiceCollection();
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Lines(lines)));
        collection.AddFalServerless(options => (options.Host, options.KeyId, options.KeySecret) = (server.Address, "app", "s3cret"));
        await using var services = collection.BuildServiceProvider();

        Assert.Equal(7, await CallAsync(services.GetRequiredService<FalHost>()));

        Assert.NotEmpty(lines);
        Assert.Contains(lines, line => line.Contains("Authorization", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("s3cret", StringComparison.Ordinal));
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

    private sealed class Noting(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.RequestUri!.AbsolutePath);
            request.Headers.Remove("X-Noted");
            request.Headers.Add("X-Noted", "yes");
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Lines(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (lines)
            {
                lines.Add(formatter(state, exception));
                lines.AddRange((state as IEnumerable<KeyValuePair<string, object?>> ?? []).Select(pair => $"{pair.Key}: {pair.Value}"));
            }
        }
    }
}
