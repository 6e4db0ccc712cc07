using System.Runtime.Serialization;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>Serialization contracts and enumeration classes, in a real worker.</summary>
public class ContractsInAWorkerTests
{
    private static readonly IsolatedOptions Options = new() { Host = FalHost.Local };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MarkedFieldsArriveAndAnIndexIsRebuiltThere()
    {
        var marked = new Marked { Secret = 7 };
        var words = new Words("a", "bb");
        Assert.Equal(7, await Isolated.Create(() => marked.Secret, Options).InvokeAsync(Token));
        Assert.Equal(1, await Isolated.Create(() => words.PlaceOf("bb"), Options).InvokeAsync(Token));
        Assert.Equal(1, (await Isolated.Create(() => words, Options).InvokeAsync(Token)).PlaceOf("bb"));
    }

    [Fact]
    public async Task AnInstanceOfAnEnumerationClassIsTheSameThereAndBack()
    {
        var red = Level.High;
        Assert.True(await Isolated.Create(() => red == Level.High, Options).InvokeAsync(Token));
        Assert.Same(Level.High, await Isolated.Create(() => Level.High, Options).InvokeAsync(Token));
        var prices = new Dictionary<Level, int> { [Level.High] = 3 };
        Assert.Equal(3, await Isolated.Create(() => prices[Level.High], Options).InvokeAsync(Token));
    }

    [Fact]
    public async Task ACallbackThatThrowsThereIsNamed()
    {
        var fragile = new Fragile();
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Isolated.Create(() => fragile.Number, Options).InvokeAsync(Token));
        Assert.Contains("'Break' of the type", error.Message, StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage("{0}: {1}", error.GetType(), error.Message);
    }

    public sealed class Marked
    {
        [NonSerialized]
        public int Secret;
    }

    public sealed class Words(params string[] words)
    {
        [NonSerialized]
        private Dictionary<string, int> _places = [];

        public int PlaceOf(string word) => _places[word];

        [OnDeserialized]
        private void Rebuild(StreamingContext context) => _places = words.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
    }

    public sealed class Level
    {
        public static readonly Level High = new("high");

        private Level(string name) => Name = name;

        public string Name { get; }
    }

    public sealed class Fragile
    {
        public int Number { get; set; }

        [OnDeserialized]
        private void Break(StreamingContext context) => throw new InvalidOperationException("no");
    }
}
