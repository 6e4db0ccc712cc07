namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>Where a process stands in one hierarchy of control groups, as folders of this machine.</summary>
/// <param name="Folder">Its own group.</param>
/// <param name="Top">The uppermost group that can be seen from here.</param>
internal sealed record OwnCgroup(string Folder, string Top)
{
    /// <summary>The groups from the own one up to the top.</summary>
    public IEnumerable<CgroupFolder> Upwards()
    {
        for (var path = Folder; path.Length >= Top.Length; path = Path.GetDirectoryName(path)!)
        {
            yield return new(path);
        }
    }

    /// <summary>
    /// Where the process stands in the hierarchy of a controller of the first version; null when it is not mounted, or lies out of sight.
    /// </summary>
    /// <param name="controller">The controller's name, as <c>cpu</c>; null for the one hierarchy of the second version.</param>
    /// <param name="mounts">The text of <c>/proc/self/mountinfo</c>.</param>
    /// <param name="membership">The text of <c>/proc/self/cgroup</c>.</param>
    public static OwnCgroup? Find(string? controller, string mounts, string membership)
    {
        // "4:memory:/own/group", and "0::/own/group" in the second version.
        var own = membership
            .Split('\n')
            .Select(line => line.Split(':', 3))
            .FirstOrDefault(parts => parts.Length == 3 && (controller is null ? parts[0] == "0" : parts[1].Split(',').Contains(controller)))
            ?[2];
        if (own is null)
        {
            return null;
        }

        foreach (var line in mounts.Split('\n'))
        {
            // "35 31 0:32 /root /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory"
            var parts = line.Split(" - ");
            if (
                parts.Length != 2
                || parts[0].Split(' ') is not [_, _, _, var root, var top, ..]
                || parts[1].Split(' ') is not [var type, _, var options, ..]
            )
            {
                continue;
            }

            if (controller is null ? type == "cgroup2" : type == "cgroup" && options.Split(',').Contains(controller))
            {
                return Below(root, own) is { } below
                    ? new(Path.TrimEndingDirectorySeparator(Path.Join(Unescape(top), below)), Unescape(top))
                    : null;
            }
        }

        return null;
    }

    // What is mounted may itself be a group, a container's for instance, and the own path begins with it or at it.
    private static string? Below(string root, string own) =>
        own.StartsWith("/..", StringComparison.Ordinal) ? null
        : root == "/" ? own
        : own == root || own.StartsWith(root + "/", StringComparison.Ordinal) ? own[root.Length..]
        : null;

    // The kernel writes what would break the line in octal digits.
    private static string Unescape(string path) =>
        path.Replace(@"\040", " ", StringComparison.Ordinal)
            .Replace(@"\011", "\t", StringComparison.Ordinal)
            .Replace(@"\134", @"\", StringComparison.Ordinal);
}
