using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Environments;

/// <summary>Keys of environments as people read and write them: by their first digits.</summary>
internal static class EnvironmentKeys
{
    private const int ShortLength = 12;
    private const int LeastLength = 4;

    public static string Short(ContentHash key) => key.ToString()[..ShortLength];

    /// <summary>The environment that is meant.</summary>
    /// <exception cref="CliException">None is, or several are.</exception>
    public static EnvironmentRecord Find(IReadOnlyList<EnvironmentRecord> environments, string text)
    {
        if (text.Length < LeastLength || !text.All(char.IsAsciiHexDigit))
        {
            throw new CliException(
                $"'{text}' is no key of an environment: that is hexadecimal digits, {LeastLength} of its first ones at least. "
                    + $"fal-serverless environment list shows the keys."
            )
            {
                IsUsage = true,
            };
        }

        var meant = environments
            .Where(environment => environment.Key.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return meant.Length == 1
            ? meant[0]
            : throw new CliException(
                meant.Length == 0
                    ? $"This host has no environment '{text}'. fal-serverless environment list shows them."
                    : $"'{text}' begins the keys of {meant.Length} environments: "
                        + $"{string.Join(", ", meant.Select(environment => Short(environment.Key)))}. Give more of its digits."
            );
    }
}
