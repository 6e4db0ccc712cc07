using FalServerless.IntegrationTests.Programs;
using FalServerless.Protocol;
using FalServerless.Tests.Shared.Credentials;
using FalServerless.Tests.Shared.Time;
using FalServerless.Tests.Shared.Transport;

namespace FalServerless.IntegrationTests.Hosts;

/// <summary>Programs of their own, whose functions name no host: their environment and profile do.</summary>
public sealed class ConfiguredHostTests : IDisposable
{
    private readonly FakeServer _server = new() { Answers = [FakeHost.Ok(FakeHost.Event(InvocationEventKind.Result, 7))] };
    private readonly Configuration _configuration = new();

    public void Dispose()
    {
        _server.Dispose();
        _configuration.Dispose();
    }

    [Fact]
    public async Task AProgramCallsTheHostOfItsEnvironment()
    {
        // A proxy is for other machines.
        using var port = new ClosedPort();
        await using var program = Start(
            ChildProgram.Call,
            ("FAL_HOST", _server.Address),
            ("FAL_KEY", "env:secret"),
            ("http_proxy", port.Address),
            ("all_proxy", port.Address)
        );

        Assert.Equal(7, await program.WaitForExitAsync());

        Assert.Equal(["Key env:secret"], _server.Requests.Select(request => request.Header("Authorization")));
        Assert.Empty(program.Folders());
    }

    [Fact]
    public async Task AProgramCallsTheHostOfItsProfile()
    {
        _configuration.WithProfile(_server.Address, "file:secret");
        await using var program = Start(ChildProgram.Call);

        Assert.Equal(7, await program.WaitForExitAsync());

        Assert.Equal(["Key file:secret"], _server.Requests.Select(request => request.Header("Authorization")));
    }

    [Fact]
    public async Task AConfigurationThatIsWrongFailsTheCallAndNotTheCreation()
    {
        await using var creating = Start(ChildProgram.Create, ("FAL_HOST", "nonsense"));
        await using var calling = Start(ChildProgram.Call, ("FAL_HOST", "nonsense"));

        Assert.Equal(0, await creating.WaitForExitAsync());
        var (exitCode, output) = await calling.RunToEndAsync(Eventually.Limit);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("FAL_HOST names no host", output);
        Assert.Empty(calling.Folders());
    }

    [Fact]
    public async Task ALocalCallLoadsNothingOfTheWayToOtherHosts()
    {
        await using var program = Start(ChildProgram.Loaded);

        var (exitCode, output) = await program.RunToEndAsync(Eventually.Limit);

        Assert.Equal(7, exitCode);
        Assert.Contains("FalServerless", output.Split('\n'));
        Assert.DoesNotContain(
            output.Split('\n'),
            name => name is "Polly.Core" or "System.Text.Json" || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        );
    }

    private ChildProgram Start(string mode, params (string Name, string Value)[] settings)
    {
        var variables = new Dictionary<string, string>
        {
            ["XDG_CONFIG_HOME"] = Path.GetDirectoryName(Path.GetDirectoryName(_configuration.ProfilePath))!,
            ["FAL_HOST"] = "",
            ["FAL_KEY"] = "",
            ["FAL_PROFILE"] = "",
        };
        foreach (var (name, value) in settings)
        {
            variables[name] = value;
        }

        return ChildProgram.Start(mode, settings: variables);
    }
}
