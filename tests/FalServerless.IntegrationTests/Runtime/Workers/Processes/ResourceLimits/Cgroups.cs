using FalServerless.Hosts;
using FalServerless.Runtime.Workers.Processes.ResourceLimits;

namespace FalServerless.IntegrationTests.Runtime.Workers.Processes.ResourceLimits;

/// <summary>The control groups of this machine, as the tests see them.</summary>
internal static class Cgroups
{
    /// <summary>Skips where this user may not limit: the host then says so, and has other tests.</summary>
    public static void Need()
    {
        Assert.SkipUnless(
            Parents.Length > 0 && Parents.All(CanWrite),
            "Control groups are not writable here: run the tests as root on Linux with cpu and memory groups of version 1."
        );
    }

    /// <summary>Where gateways that this process starts have their folders: its own groups.</summary>
    public static string[] Parents { get; } =
        OperatingSystem.IsLinux()
            ?
            [
                .. new[] { "cpu", "memory" }
                    .Select(controller =>
                        OwnCgroup.Find(controller, File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"))?.Folder
                    )
                    .OfType<string>(),
            ]
            : [];

    public static string Cpu => Parents[0];

    public static string Memory => Parents[1];

    /// <summary>The folders of a gateway, those of its workers not among them.</summary>
    public static IReadOnlyList<string> Of(int gateway) =>
        [.. Parents.SelectMany(parent => Directory.GetDirectories(parent, $"fal-*-{gateway}-*"))];

    public static IReadOnlyList<string> WorkersOf(int gateway) => [.. Of(gateway).SelectMany(Directory.GetDirectories)];

    /// <summary>The group that a process is in.</summary>
    public static string GroupOf(int process, string controller)
    {
        var group = OwnCgroup.Find(controller, File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText($"/proc/{process}/cgroup"));
        Assert.NotNull(group);
        return group.Folder;
    }

    /// <summary>Whether a process is in the group; true as well for one that was removed meanwhile.</summary>
    public static bool IsInUseOrGone(string folder)
    {
        try
        {
            return Read(folder, "cgroup.procs").Length > 0;
        }
        catch (IOException)
        {
            return !Directory.Exists(folder);
        }
    }

    public static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Trim();

    public static LocalHost Host(params (string Name, string Value)[] settings) =>
        new(settings.ToDictionary(setting => setting.Name, setting => setting.Value));

    private static bool CanWrite(string parent)
    {
        var probe = new CgroupFolder(Path.Combine(parent, $"fal.probe.{Environment.ProcessId}"));
        if (!probe.TryMake())
        {
            return false;
        }

        Directory.Delete(probe.Path);
        return true;
    }
}
