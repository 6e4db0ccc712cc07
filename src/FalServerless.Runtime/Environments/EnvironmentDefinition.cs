using System.Text;
using FalServerless.Packages;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Environments;

/// <summary>Which packages an environment has, and its key: the same however and in whatever order the requirements were written.</summary>
internal sealed class EnvironmentDefinition
{
    // Increased when what is built from the same requirements changes.
    private const string Format = "fal-serverless environment 1";

    public EnvironmentDefinition(RequirementSet requirements)
    {
        Requirements = requirements.Requirements;
        Normalized = [.. Requirements.Select(requirement => requirement.Normalized)];
        Key = ContentHash.Of(
            Encoding.UTF8.GetBytes(
                string.Join('\n', [Format, EnvironmentPlatform.Framework, EnvironmentPlatform.RuntimeIdentifier, .. Normalized])
            )
        );
    }

    public ContentHash Key { get; }

    public IReadOnlyList<Requirement> Requirements { get; }

    public IReadOnlyList<string> Normalized { get; }
}
