using FalServerless;
using FalServerless.Testing;
using Xunit;

namespace Testing;

/// <summary>A host with options of its own, and with files that it has from the beginning.</summary>
public class SmallHost() : LocalHostFixture(new() { Cpus = 0.5, Prewarmed = 0 })
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await File.WriteAllTextAsync(Path.Combine(DataPath, "greeting.txt"), "hello");
    }
}

[CollectionDefinition(nameof(SmallHost))]
public class SmallHostCollection : ICollectionFixture<SmallHost>;

[Collection(nameof(SmallHost))]
public class FilesOfTheSmallHostTests(SmallHost fixture)
{
    [Fact]
    public async Task BodiesFindTheFilesOfTheFixture()
    {
        var read = Isolated.Create(ctx => File.ReadAllText(Path.Combine(ctx.DataPath, "greeting.txt")), new() { Host = fixture.Host });

        Assert.Equal("hello", await read.InvokeAsync(TestContext.Current.CancellationToken));
    }
}

[Collection(nameof(SmallHost))]
public class SizeOfTheSmallHostTests(SmallHost fixture)
{
    [Fact]
    public async Task TestsSeeTheFilesThatBodiesWrite()
    {
        var write = Isolated.Create(
            ctx => File.WriteAllText(Path.Combine(ctx.DataPath, "written.txt"), "by a body"),
            new() { Host = fixture.Host }
        );

        await write.InvokeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            "by a body",
            await File.ReadAllTextAsync(Path.Combine(fixture.DataPath, "written.txt"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task AHostForOneTestAlone()
    {
        await using var host = await LocalHostFixture.StartAsync(new() { Prewarmed = 0 });

        Assert.Empty(
            await SyncDir.ListAsync(options: new() { Host = host.Host }, cancellationToken: TestContext.Current.CancellationToken)
        );
    }
}
