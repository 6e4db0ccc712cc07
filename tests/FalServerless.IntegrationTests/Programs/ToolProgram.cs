using System.Diagnostics;
using System.Reflection;
using FalServerless.Hosts;

namespace FalServerless.IntegrationTests.Programs;

/// <summary>The command line as it is packed, in a process of its own.</summary>
internal static class ToolProgram
{
    private static readonly string Folder = typeof(ToolProgram)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ToolFolder")
        .Value!;

    public static ProcessStartInfo StartInfo() => DotnetProgram.StartInfo(Folder, "FalServerless.Tool");
}
