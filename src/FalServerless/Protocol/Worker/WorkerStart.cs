namespace FalServerless.Protocol.Worker;

/// <summary>
/// How the launcher tells a worker where the gateway is: the socket on the command line, the token as one line of its standard input.
/// </summary>
internal static class WorkerStart
{
    public const string SocketOption = "--socket";

    /// <summary>Folders of shared frameworks beyond the worker's own, where assemblies that no client uploads are found.</summary>
    public const string FrameworkOption = "--framework";

    /// <summary>Where the worker finds the host's data: <c>/data</c> where it can be bound there, else the host's own folder.</summary>
    public const string DataOption = "--data";

    /// <summary>The folder that the worker makes its working directory first, where its launcher cannot start it there.</summary>
    public const string WorkingDirectoryOption = "--directory";

    public const int TokenSize = 32;
}
