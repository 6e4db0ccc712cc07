using FalServerless.Hosts;
using FalServerless.Runtime.Files;
using FalServerless.Runtime.Workers;
using FalServerless.Runtime.Workers.Processes;

namespace FalServerless.Runtime.Diagnosis;

/// <summary>
/// Whether workers find their files at the literal <c>/data</c>: makes such a mount namespace, as a host does at its start, and drops it.
/// </summary>
internal static class NamespaceCheck
{
    private const string Name = "mount namespace";

    private const string Instead =
        "Bodies find their files in the host's data folder instead of /data: use the context's DataPath, or the path that SyncDir returns.";

    private const string Users = "run the host as root, or let users make namespaces:";

    /// <param name="isWanted">Whether the host would do it.</param>
    public static async Task<Finding> RunAsync(bool isWanted)
    {
        var folder = PrivateFolder.Create();
        try
        {
            await using var trial = new DataNamespace(new DataFolders(folder), isWanted, [AppContext.BaseDirectory]);
            var place = await trial.PlaceAsync();
            return place.Reason is { } reason
                ? Finding.Limited(Name, reason.TrimEnd('.'), isWanted && OperatingSystem.IsLinux() ? $"{Instead} {Permission()}" : Instead)
                : Finding.Works(Name, $"{ExecutableFinder.Find("unshare")}: one can be made, so bodies have /data");
        }
        catch (WorkerStartException e)
        {
            return Finding.Limited(Name, e.Message, $"Make '{Path.GetTempPath()}' writable.");
        }
        finally
        {
            PrivateFolder.Delete(folder);
        }
    }

    // What this kernel says that it forbids users.
    private static string Permission() =>
        "For the literal /data "
        + (
            ExecutableFinder.Find("unshare") is null ? "install the package util-linux."
            : Reads("/proc/sys/user/max_user_namespaces", '0') ? $"{Users} sysctl user.max_user_namespaces=1000"
            : Reads("/proc/sys/kernel/unprivileged_userns_clone", '0') ? $"{Users} sysctl kernel.unprivileged_userns_clone=1"
            : Reads("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1')
                ? $"{Users} sysctl kernel.apparmor_restrict_unprivileged_userns=0"
            : "let this machine or container make mount namespaces (with Docker: --cap-add SYS_ADMIN --security-opt apparmor=unconfined)."
        );

    private static bool Reads(string path, char value) =>
        !Environment.IsPrivilegedProcess && File.Exists(path) && File.ReadAllText(path).Trim() == $"{value}";
}
