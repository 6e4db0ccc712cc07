using System.Globalization;
using FalServerless.IntegrationTests.Runtime;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>A body has the cultures of its caller, whatever those of the host.</summary>
public sealed class CultureTests : IDisposable
{
    private readonly (CultureInfo, CultureInfo) _before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("de-DE")]
    [InlineData("en-US")]
    [InlineData("fr-CH")]
    [InlineData("")]
    public async Task EveryKindOfBodyReadsNumbersAsItsCaller(string name)
    {
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("sv-SE");
        var text = 1234.5.ToString("N2", CultureInfo.CurrentCulture);

        Assert.Equal(1234.5m, await Isolated.Create(() => decimal.Parse(text)).InvokeAsync(Token));
        Assert.Equal(
            (1234.5m, "sv-SE"),
            await Isolated
                .Create(async () =>
                {
                    await Task.Yield();
                    return (decimal.Parse(text), CultureInfo.CurrentUICulture.Name);
                })
                .InvokeAsync(Token)
        );
        Assert.Equal(text, Isolated.FromDelegate(() => string.Join("", new[] { 1234.5 }.Select(number => number.ToString("N2")))).Invoke());
        Assert.Equal([name, name], await Isolated.Create((int count) => Names(count)).Invoke(2).ToListAsync(Token));
        Assert.Equal(name, await Isolated.Create(() => OnAThread()).InvokeAsync(Token));
        Assert.Equal(
            [name, name],
            await Isolated.Create((int _) => CultureInfo.CurrentCulture.Name).MapAsync([1, 2], cancellationToken: Token).ToListAsync(Token)
        );
    }

    [Fact]
    public async Task TheChangesOfACultureGoWithItAndWhatABodyChangesStaysThere()
    {
        var culture = new CultureInfo("en-US") { NumberFormat = { NumberDecimalSeparator = "·" } };
        CultureInfo.CurrentCulture = culture;
        var say = Isolated.Create(() => Change());

        Assert.Equal("1·5 1_5", await say.InvokeAsync(Token));
        Assert.Equal("1·5 1_5", await say.InvokeAsync(Token));
        culture.NumberFormat.NumberDecimalSeparator = "°";
        Assert.Equal("1°5 1_5", await say.InvokeAsync(Token));
        Assert.Equal("°", culture.NumberFormat.NumberDecimalSeparator);
    }

    [Fact]
    public async Task CallsThatShareAWorkerHaveTheirOwnCultures()
    {
        var name = Isolated.Create(
            async (int milliseconds) =>
            {
                await Task.Delay(milliseconds, CancellationToken.None);
                return CultureInfo.CurrentCulture.Name;
            },
            new() { CallsPerWorker = 4, MaxWorkers = 1 }
        );
        var names = new[] { "de-DE", "fr-FR", "ja-JP", "en-GB" };

        var calls = names
            .Select(culture =>
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                return name.InvokeAsync(50, Token);
            })
            .ToArray();

        Assert.Equal(names, await Task.WhenAll(calls));
    }

    [Fact]
    public async Task ADetachedCallHasTheCultureOfWhoSubmittedIt()
    {
        await using var host = await ServedHost.StartAsync(new Dictionary<string, string> { ["LC_ALL"] = "fr_FR.UTF-8" });
        var parse = Isolated.Create(() => decimal.Parse("19,99"), new() { Host = host.Host });
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

        var run = await parse.SubmitAsync(Token);
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

        Assert.Equal(19.99m, await run.GetResultAsync(Token));
    }

    [Fact]
    public async Task AHostWithoutTheDataOfCulturesSaysSo()
    {
        await using var host = await ServedHost.StartAsync(
            new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" }
        );
        var parse = Isolated.Create(() => decimal.Parse("19,99"), new() { Host = host.Host });
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        Assert.Equal(1999m, await parse.InvokeAsync(Token));

        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        var error = await Assert.ThrowsAnyAsync<FalServerlessException>(() => parse.InvokeAsync(Token));

        Assert.Contains("The culture 'de-DE' is not available here: .NET runs in its invariant globalization mode", error.Message);
    }

    [Fact]
    public async Task ACultureIsAValueWithItsChanges()
    {
        var culture = new CultureInfo("en-US") { NumberFormat = { CurrencySymbol = "Taler " } };

        Assert.Equal("Taler 3.00", await Isolated.Create(() => 3m.ToString("C", culture)).InvokeAsync(Token));
    }

    public void Dispose() => (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = _before;

    private static string Change()
    {
        var before = 1.5.ToString();
        CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = "_";
        return $"{before} {1.5}";
    }

    private static string OnAThread()
    {
        var name = "";
        var thread = new Thread(() => name = CultureInfo.CurrentCulture.Name);
        thread.Start();
        thread.Join();
        return name;
    }

    private static async IAsyncEnumerable<string> Names(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return CultureInfo.CurrentCulture.Name;
        }
    }
}
