using FalServerless.Credentials;
using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.Tests.Shared.Credentials;

/// <summary>An environment and a profile of a test's own.</summary>
internal sealed class Configuration : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables;

    public Configuration(params (string Name, string Value)[] variables)
    {
        _variables = variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        _variables.TryAdd("XDG_CONFIG_HOME", _folder.Path);
    }

    public string ProfilePath => ProfileFile.PathFor(Variable);

    public HostResolver Hosts => new(Variable);

    public CredentialResolver Keys => new(Variable);

    public static HostAddress Address(string text) => HostAddress.Read(text, out var fault) ?? throw new ArgumentException(fault);

    public Configuration WithProfile(string host, string key)
    {
        ProfileFile.Write(ProfilePath, new(Address(host), CloudKeyCredentials.Parse(key)));
        return this;
    }

    public void Dispose() => _folder.Dispose();

    private string? Variable(string name) => _variables.GetValueOrDefault(name);
}
