using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>Services whose delegates use some of their fields, in a real worker.</summary>
public class FieldsOfThisInAWorkerTests
{
    private static readonly IsolatedOptions Options = new() { Host = FalHost.Local };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ABlockInAServiceBringsTheFieldsThatItUses()
    {
        await using var services = Services();
        var billing = services.GetRequiredService<Billing>();

        Assert.Equal(24m, await billing.WithAFieldAsync(8, Token));
        Assert.Equal(25m, await billing.WithAMethodAsync(8, Token));
        Assert.Equal(51m, await billing.WithAPropertyAndTheBaseClassAsync(8, Token));
        Assert.Equal(26m, await billing.LaterAsync(8, Token));
        Assert.Equal(75m, await billing.WithALocalFunctionAndLinqAsync([1, 8, 16], Token));
    }

    [Fact]
    public async Task TheFieldsAreReadAtEachCall()
    {
        await using var services = Services();
        var billing = services.GetRequiredService<Billing>();
        var function = billing.Function();

        Assert.Equal(3m, await function.InvokeAsync(1, Token));
        billing.Raise();
        Assert.Equal(4m, await function.InvokeAsync(1, Token));
        Assert.Equal(1m, await billing.WithAMethodAsync(0, Token));
        Assert.Equal(4m, await function.InvokeAsync(1, Token));
    }

    [Fact]
    public async Task AFieldThatIsUsedButCannotBeSentIsNamedWithASuggestion()
    {
        await using var services = Services();
        var billing = services.GetRequiredService<Billing>();

        var error = await Assert.ThrowsAsync<CaptureException>(() => billing.WithTheClientAsync(Token));
        Assert.Equal("this._client", error.Path);
        Assert.Equal(
            "The captured variable 'this' cannot be sent to a worker: 'this._client' is of type 'System.Net.Http.HttpClient': its "
                + "connections belong to this process. Create the HttpClient inside the body. "
                + "Or copy what the code needs of 'this._client' to a local variable before the lambda, and use that.",
            error.Message
        );
    }

    [Fact]
    public async Task AnObjectThatIsGivenAwayIsRefusedWithTheReasonAndASuggestion()
    {
        await using var services = Services();
        var billing = services.GetRequiredService<Billing>();

        var error = await Assert.ThrowsAsync<CaptureException>(() => billing.WithItselfAsync(Token));
        Assert.Equal("this._logger", error.Path);
        Assert.StartsWith(
            "The captured variable 'this' cannot be sent to a worker: 'this._logger' is of type ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "it writes to the logs of this process. All fields of 'this' are sent, as a lambda in 'WithItselfAsync' passes it, or "
                + "what holds it, "
                + "to 'GC.KeepAlive'. Copy the fields that the code needs to local variables before the lambda, and use those.",
            error.Message,
            StringComparison.Ordinal
        );

        var twice = await Assert.ThrowsAsync<CaptureException>(() => billing.WithAnotherWayToItAsync(Token));
        Assert.EndsWith(
            "All fields of 'this' are sent, as the call captures the same object in another way too. Copy the fields that the code "
                + "needs to local variables before the lambda, and use those.",
            twice.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task AnExpressionThatUsesAServiceAsAnObjectSaysWhatToDo()
    {
        await using var services = Services();
        var billing = services.GetRequiredService<Billing>();

        Assert.Equal(3m, await billing.ExpressionAsync(Token));
        var error = await Assert.ThrowsAsync<CaptureException>(() => billing.ExpressionWithAPropertyAsync(Token));
        Assert.Equal("this._logger", error.Path);
        Assert.EndsWith(
            "All fields of 'this' are sent, as the code uses it as an object. Copy the fields that the code needs to local variables "
                + "before the lambda, and use those.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task WhatLooksAtTheTargetOfADelegateSeesAllFields()
    {
        var rates = new Rates();
        Assert.Equal(7, await rates.TargetAsync(Token));
        Assert.Equal(7, await rates.AwaiterAsync(Token));
        Assert.Equal(7, await rates.SequenceAsync(Token));
    }

    private static ServiceProvider Services() =>
        new ServiceCollection().AddLogging().AddSingleton(new HttpClient()).AddSingleton<Billing>().BuildServiceProvider();

    internal abstract class Taxed
    {
        private readonly decimal _tax = 2;

        public virtual decimal Fee => 0;

        protected decimal Tax() => _tax;
    }

    internal sealed class Billing(ILogger<Billing> logger, HttpClient client, IServiceProvider services) : Taxed
    {
        private readonly ILogger _logger = logger;
        private readonly HttpClient _client = client;
        private readonly IServiceProvider _services = services;
        private readonly object _gate = new();
        private decimal _rate = 3;
        private readonly decimal _extra = 1;

        public override decimal Fee => _extra + 24;

        public void Raise()
        {
            lock (_gate)
            {
                _logger.LogDebug("Raised for {Services}", _services);
                _rate++;
            }
        }

        public IsolatedFunction<int, decimal> Function() =>
            Isolated.FromDelegate(
                (int amount) =>
                {
                    return amount * _rate;
                },
                Options
            );

        public Task<decimal> WithAFieldAsync(int amount, CancellationToken token) =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        return amount * _rate;
                    },
                    Options
                )
                .InvokeAsync(token);

        public Task<decimal> WithAMethodAsync(int amount, CancellationToken token) =>
            Isolated
                .FromDelegate(
                    (int input) =>
                    {
                        return Price(input);
                    },
                    Options
                )
                .InvokeAsync(amount, token);

        public Task<decimal> WithAPropertyAndTheBaseClassAsync(int amount, CancellationToken token) =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        return (amount * _rate) + Fee + Tax();
                    },
                    Options
                )
                .InvokeAsync(token);

        public Task<decimal> LaterAsync(int amount, CancellationToken token) =>
            Isolated
                .Create(
                    async () =>
                    {
                        await Task.Delay(1);
                        return (amount * _rate) + await TaxLaterAsync();
                    },
                    Options
                )
                .InvokeAsync(token);

        public Task<decimal> WithALocalFunctionAndLinqAsync(int[] amounts, CancellationToken token) =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        var least = amounts.Min();
                        return amounts.Select(amount => Times(amount)).Sum();

                        decimal Times(int amount) => amount * least * _rate;
                    },
                    Options
                )
                .InvokeAsync(token);

        public Task<TimeSpan> WithTheClientAsync(CancellationToken token) =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        return _client.Timeout;
                    },
                    Options
                )
                .InvokeAsync(token);

        public Task<decimal> WithItselfAsync(CancellationToken token) =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        GC.KeepAlive(this);
                        return _rate;
                    },
                    Options
                )
                .InvokeAsync(token);

        public Task<decimal> WithAnotherWayToItAsync(CancellationToken token)
        {
            var all = new List<Billing> { this };
            return Isolated
                .FromDelegate(
                    () =>
                    {
                        return _rate + all.Count;
                    },
                    Options
                )
                .InvokeAsync(token);
        }

        public Task<decimal> ExpressionAsync(CancellationToken token) => Isolated.Create(() => _rate, Options).InvokeAsync(token);

        public Task<decimal> ExpressionWithAPropertyAsync(CancellationToken token) =>
            Isolated.Create(() => Fee, Options).InvokeAsync(token);

        private decimal Price(int amount) => (amount * _rate) + _extra;

        private async Task<decimal> TaxLaterAsync()
        {
            await Task.Yield();
            return Tax();
        }
    }

    internal sealed class Rates
    {
        private readonly int _first = 3;
        private readonly int _second = 4;

        public Task<int> TargetAsync(CancellationToken token) =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        Func<int> inner = () =>
                        {
                            return _first;
                        };
                        return inner() + Second(inner);
                    },
                    Options
                )
                .InvokeAsync(token);

        public Task<int> AwaiterAsync(CancellationToken token) =>
            Isolated
                .Create(
                    async () =>
                    {
                        Func<int> inner = () =>
                        {
                            return _first;
                        };
                        await Task.Yield();
                        return inner() + Second(inner);
                    },
                    Options
                )
                .InvokeAsync(token);

        public Task<int> SequenceAsync(CancellationToken token) =>
            Isolated
                .FromDelegate(
                    () =>
                    {
                        return Both().Sum();
                    },
                    Options
                )
                .InvokeAsync(token);

        private static int Second(Delegate code) => ((Rates)code.Target!)._second;

        private IEnumerable<int> Both()
        {
            yield return _first;
            yield return _second;
        }
    }
}
