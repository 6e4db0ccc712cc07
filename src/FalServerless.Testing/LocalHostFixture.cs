using Xunit;

namespace FalServerless.Testing;

/// <summary>
/// A host for tests alone: a runtime in a process of its own with a <c>/data</c> of its own, which ends with the fixture and leaves
/// nothing. Lines that calls log go to the output of the test that makes the call. Any number of fixtures may run beside each other, in one
/// test program and in several.
/// </summary>
/// <remarks>
/// It is a fixture for a class (<c>IClassFixture&lt;LocalHostFixture&gt;</c>), a collection
/// (<c>ICollectionFixture&lt;LocalHostFixture&gt;</c>) or the whole test project (<c>[assembly:
/// AssemblyFixture(typeof(LocalHostFixture))]</c>); the narrower it is, the more hosts are started. Within a test, <see cref="StartAsync"/>
/// gives one. Options are given by a class of one's own: <c>public class SmallHost() : LocalHostFixture(new() { Cpus = 1 });</c>
/// </remarks>
public class LocalHostFixture : IAsyncLifetime
{
    private readonly LocalHostOptions _options;
    private PrivateHost? _host;

    /// <summary>A host like <see cref="FalHost.Local"/>, not started yet: xUnit does that.</summary>
    public LocalHostFixture()
        : this(new()) { }

    /// <summary>A host with these options, not started yet.</summary>
    /// <param name="options">What the host has.</param>
    protected LocalHostFixture(LocalHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>
    /// The running host, for <see cref="IsolatedOptions.Host"/> and <see cref="SyncOptions.Host"/>. A function without it runs elsewhere.
    /// </summary>
    /// <exception cref="InvalidOperationException">The host is not started.</exception>
    public FalHost Host => Running.Host;

    /// <summary>
    /// The folder that bodies on the host find at <c>/data</c>: for files that tests put there, and to look at those that bodies wrote. It
    /// is removed with the fixture.
    /// </summary>
    /// <exception cref="InvalidOperationException">The host is not started.</exception>
    public string DataPath => Running.DataPath;

    private PrivateHost Running =>
        _host
        ?? throw new InvalidOperationException(
            $"The host of {GetType().Name} is not started. xUnit starts the one of a fixture before the first test; elsewhere use "
                + $"'await using var host = await LocalHostFixture.StartAsync();'."
        );

    /// <summary>A running host for one test: <c>await using var host = await LocalHostFixture.StartAsync();</c></summary>
    /// <param name="options">What the host has; null is the defaults.</param>
    /// <exception cref="HostUnreachableException">The host did not start; the message says why.</exception>
    public static async Task<LocalHostFixture> StartAsync(LocalHostOptions? options = null)
    {
        var fixture = new LocalHostFixture(options ?? new());
        await fixture.InitializeAsync();
        return fixture;
    }

    /// <summary>
    /// Starts the host and waits for it. xUnit calls this before the first test; one that is overridden calls the base first.
    /// </summary>
    /// <exception cref="HostUnreachableException">The host did not start; the message says why.</exception>
    public virtual async ValueTask InitializeAsync() =>
        _host ??= await PrivateHost.StartAsync(_options, TestContext.Current.CancellationToken);

    /// <summary>Ends the host with its workers and removes its data. xUnit calls this after the last test.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
