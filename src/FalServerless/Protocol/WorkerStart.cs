namespace FalServerless.Protocol;

/// <summary>How the launcher tells a worker where home is: the socket on the command line, the token as one line of its standard input.</summary>
internal static class WorkerStart
{
    public const string SocketOption = "--socket";

    /// <summary>Folders of shared frameworks beyond the worker's own, where assemblies that no client uploads are found.</summary>
    public const string FrameworkOption = "--framework";

    /// <summary>The folder of the host that bodies keep files in.</summary>
    public const string DataOption = "--data";

    public const int TokenSize = 32;
}
