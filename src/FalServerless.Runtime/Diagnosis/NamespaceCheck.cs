using FalServerless.Hosts;
using FalServerless.Runtime.Data;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Diagnosis;

/// <summary>Whether workers find their files at the literal <c>/data</c>: makes such a mount namespace, as a host does at its start, and drops it.</summary>
internal static class NamespaceCheck
{
    private const string Name = "bubblewrap";

    /// <param name="isWanted">Whether the host would do it.</param>
    public static async Task<Finding> RunAsync(bool isWanted)
    {
        var folder = PrivateFolder.Create();
        try
        {
            await using var trial = new DataNamespace(new DataFolders(folder), isWanted, [AppContext.BaseDirectory]);
            var place = await trial.PlaceAsync();
            return place.Reason is { } reason
                ? Finding.Limited(Name, reason.TrimEnd('.'), $"Bodies find their files in the host's data folder instead of /data: use the context's DataPath, or the path that SyncDir returns.{(MachinePrograms.Find("bwrap") is null && OperatingSystem.IsLinux() ? " For the literal /data install the packages bubblewrap and util-linux." : "")}")
                : Finding.Works(Name, $"{MachinePrograms.Find("bwrap")}: a mount namespace can be made, so bodies have /data");
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
}
