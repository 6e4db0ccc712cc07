namespace FalServerless.Protocol;

/// <summary>
/// How a client starts the local runtime: a private folder on the command line, the key as one line of its standard input.
/// The end of that input is the end of the runtime, so it cannot outlive its parent, however that ends.
/// </summary>
internal static class RuntimeStart
{
    public const string LocalCommand = "local";
    public const string DirectoryOption = "--directory";

    /// <summary>The folder that bodies keep files in; without it, one of the user's own.</summary>
    public const string DataOption = "--data";

    /// <summary>Names that folder as the option does, in an environment variable.</summary>
    public const string DataVariable = "FAL_DATA";

    /// <summary>What bodies find at <c>/data</c>, within that folder.</summary>
    public const string DataFiles = "files";

    /// <summary>The client's program: from this folder upwards its user's NuGet.config is looked for.</summary>
    public const string ConfigurationOption = "--configuration";

    /// <summary>The gateway's socket in the private folder.</summary>
    public const string SocketName = "gateway.sock";

    /// <summary>Printed on the standard output once the gateway listens.</summary>
    public const string ReadyLine = "fal-serverless: ready";
}
