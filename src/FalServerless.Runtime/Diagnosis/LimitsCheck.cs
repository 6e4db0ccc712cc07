using FalServerless.Runtime.Workers.Processes.ResourceLimits;

namespace FalServerless.Runtime.Diagnosis;

/// <summary>Whether machine types are real limits here: control groups that this user may make.</summary>
internal static class LimitsCheck
{
    private const string Name = "control groups";
    private const string Otherwise = "Workers still get .NET's own heap limit and processor count.";

    /// <param name="isWanted">Whether the host would use them.</param>
    public static async Task<Finding> RunAsync(bool isWanted)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Finding.Limited(Name, "Linux only", Otherwise);
        }

        if (!isWanted)
        {
            return Finding.Limited(Name, "FAL_CGROUPS is 'off'", $"{Otherwise} Unset FAL_CGROUPS for real limits.");
        }

        await using var groups = GatewayCgroups.Detect();
        var version = Mounted();
        return (groups.LimitsCpu, groups.LimitsMemory) switch
        {
            (true, true) => Finding.Works(Name, $"{version}: processor time and memory are limited"),
            (false, false) => Finding.Limited(
                Name,
                version is null ? "none are mounted" : $"{version}: none that this user may make",
                $"{Otherwise} For real limits run the host as root, or under systemd with Delegate=yes; a container needs its groups "
                    + $"mounted writable."
            ),
            var (cpu, _) => Finding.Limited(
                Name,
                $"{version}: only {(cpu ? "processor time is" : "memory is")} limited",
                $"{Otherwise} Give this user's group the controller that lacks ({(cpu ? "memory" : "cpu")})."
            ),
        };
    }

    private static string? Mounted()
    {
        try
        {
            var (mounts, membership) = (File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"));
            return OwnCgroup.Find("cpu", mounts, membership) is not null || OwnCgroup.Find("memory", mounts, membership) is not null ? "v1"
                : OwnCgroup.Find(null, mounts, membership) is not null ? "v2"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
