using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FalServerless.IntegrationTests.DependencyInjection;

public class BodyLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatABodyWritesGoesToTheProgramsLoggersWithLevelCategoryAndScope()
    {
        using var provider = new Recorder();
        await using var services = Services(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(provider));
        var options = new IsolatedOptions
        {
            Host = services.GetRequiredService<FalHost>(),
            Name = "Prices",
            MachineType = "S",
        };
        using (services.GetRequiredService<ILogger<BodyLogTests>>().BeginScope("Request {Id}", 17))
        {
            await Isolated.Create(ctx => Speak(ctx), options).InvokeAsync(Token);
        }

        Assert.Equal(
            [(LogLevel.Information, "to the output {0}"), (LogLevel.Error, "to the errors"), (LogLevel.Warning, "of the logger 7")],
            provider.Lines.Select(line => (line.Level, line.Message)).Where(line => line.Level >= LogLevel.Information)
        );
        Assert.All(provider.Lines, line => Assert.Equal("FalServerless.Functions.Prices", line.Category));
        Assert.All(
            provider.Lines,
            line => Assert.Equal(("Prices", "S", 17), (line.Scope["Function"], line.Scope["MachineType"], line.Scope["Id"]))
        );
        Assert.Single(provider.Lines.Select(line => Assert.IsType<Guid>(line.Scope["InvocationId"])).Distinct());
    }

    [Fact]
    public async Task TheProgramsFiltersHoldAndAReceiverOfTheFunctionGoesFirst()
    {
        using var provider = new Recorder();
        await using var services = Services(logging =>
            logging.AddProvider(provider).AddFilter("FalServerless.Functions", LogLevel.Warning)
        );
        var host = services.GetRequiredService<FalHost>();
        var received = new ConcurrentQueue<string>();

        await Isolated.Create(ctx => Speak(ctx), new() { Host = host }).InvokeAsync(Token);
        await Isolated
            .Create(ctx => Speak(ctx), new() { Host = host, OnLog = entry => received.Enqueue(entry.Message) })
            .InvokeAsync(Token);

        Assert.Equal(["to the errors", "of the logger 7"], provider.Lines.Select(line => line.Message));
        Assert.Equal("FalServerless.Functions", provider.Lines.First().Category);
        Assert.Contains("to the output {0}", received);
    }

    private static ServiceProvider Services(Action<ILoggingBuilder> logging)
    {
        var services = new ServiceCollection().AddLogging(logging);
        services.AddFalServerless(_ => { });
        return services.BuildServiceProvider();
    }

    private static void Speak(IsolatedContext context)
    {
        Console.WriteLine("to the output {0}");
        Console.Error.WriteLine("to the errors");
        context.Logger.LogWarning("of the logger {Number}", 7);
    }

    private sealed record Line(string Category, LogLevel Level, string Message, IReadOnlyDictionary<string, object?> Scope);

    private sealed class Recorder : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<Line> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose() { }

        private sealed class Logger(Recorder recorder, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => recorder._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel,
                EventId eventId,
                TState state,
                Exception? exception,
                Func<TState, Exception?, string> formatter
            )
            {
                if (!category.StartsWith("FalServerless.Functions", StringComparison.Ordinal))
                {
                    return;
                }

                var facts = new Dictionary<string, object?>();
                recorder._scopes.ForEachScope(
                    static (scope, facts) =>
                    {
                        foreach (var (name, value) in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                        {
                            facts[name] = value;
                        }
                    },
                    facts
                );
                recorder.Lines.Enqueue(new(category, logLevel, formatter(state, exception), facts));
            }
        }
    }
}
