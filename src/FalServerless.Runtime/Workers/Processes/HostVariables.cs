namespace FalServerless.Runtime.Workers.Processes;

/// <summary>
/// The environment variables that are settings of the host, or of the program that started it: keys and passwords are among them. No body
/// sees them.
/// </summary>
internal static class HostVariables
{
    private const string Prefix = "FAL_";

    /// <summary>Removes them from what a worker is started with.</summary>
    public static void Remove(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            environment.Remove(name);
        }
    }
}
