using System.Diagnostics;
using FalServerless.Internal;

namespace FalServerless.Hosts;

/// <summary>How to start a .NET program in a folder, with the same .NET that runs this one.</summary>
internal static class DotnetProgram
{
    /// <summary>The program's own executable.</summary>
    public static string Executable(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <summary>By its own executable where this user may execute it (10 ms faster), else through <c>dotnet</c>.</summary>
    public static ProcessStartInfo StartInfo(string folder, string name)
    {
        var root = DotnetInstallation.Root;
        var executable = Executable(folder, name);
        var start = new ProcessStartInfo { UseShellExecute = false, CreateNoWindow = true };
        if (ExecutePermission.IsGranted(executable))
        {
            start.FileName = executable;
        }
        else
        {
            start.FileName = root is null ? "dotnet" : Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(Path.Combine(folder, name + ".dll"));
        }

        if (root is not null)
        {
            start.Environment["DOTNET_ROOT"] = root;
        }

        // What was configured for the start of the parent must not change the child's.
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        start.Environment.Remove("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES");
        return start;
    }
}
