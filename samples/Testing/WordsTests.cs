using FalServerless;
using FalServerless.Testing;
using Xunit;

namespace Testing;

/// <summary>A host for this class: its tests share what is in <c>/data</c>.</summary>
public class WordsTests(LocalHostFixture fixture) : IClassFixture<LocalHostFixture>
{
    private readonly Words _words = new(fixture.Host);

    [Theory]
    [InlineData("one", 1)]
    [InlineData("two words", 2)]
    [InlineData("  with\nsome  space ", 3)]
    public async Task WordsAreCounted(string text, int expected)
    {
        var name = $"{Guid.NewGuid()}.txt";
        await File.WriteAllTextAsync(Path.Combine(fixture.DataPath, name), text, TestContext.Current.CancellationToken);

        Assert.Equal(expected, await _words.CountAsync(DataFile(name)));
    }

    [Fact]
    public async Task WhatTheBodyWritesIsInTheOutputOfTheTest()
    {
        await File.WriteAllTextAsync(
            Path.Combine(fixture.DataPath, "three.txt"),
            "three little words",
            TestContext.Current.CancellationToken
        );

        await _words.CountAsync(DataFile("three.txt"));

        Assert.Contains("three.txt: 3 words", TestContext.Current.TestOutputHelper!.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsMissingIsTheBodysOwnError()
    {
        var error = await Assert.ThrowsAsync<FileNotFoundException>(() => _words.CountAsync(DataFile("nowhere.txt")));

        Assert.Contains("nowhere.txt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderIsUploadedToTheHostOfTheFixture()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "poem.txt"), "so much depends upon", TestContext.Current.CancellationToken);

        var remote = await SyncDir.UploadAsync(
            folder.Path,
            "/data/poems",
            new() { Host = fixture.Host },
            cancellationToken: TestContext.Current.CancellationToken
        );

        // What the upload returns is where bodies find the folder, on every machine.
        Assert.Equal(4, await _words.CountAsync(Path.Combine(remote, "poem.txt")));
    }

    // The host tells its bodies where its files are: at /data, where the machine lets it be.
    private string DataFile(string name) =>
        Path.Combine(Isolated.Create(ctx => ctx.DataPath, new() { Host = fixture.Host }).Invoke(), name);
}
