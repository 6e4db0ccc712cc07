using System.Diagnostics;
using System.Globalization;
using FalServerless.Runtime.Workers.Processes.ResourceLimits;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Workers.Processes.ResourceLimits;

/// <summary>
/// What is written into which file, on plain folders that look like the kernel's. They keep what is written, and refuse nothing: that a
/// kernel of the second version does what it is told is not shown here.
/// </summary>
public sealed class CgroupFilesTests : IDisposable
{
    private readonly TemporaryFolder _top = new();

    public void Dispose() => _top.Dispose();

    [Fact]
    public async Task AProcessWithTheIdOfAnEndedChildIsKilled()
    {
        using var ended = EndedChildWhoseIdAnotherProcessHas();
        Make("group", "cgroup.procs");
        File.WriteAllText(_top.File("group/cgroup.procs"), $"{ended.Id}\n");

        // The folder is no group, and stays: its file is not the kernel's.
        Assert.False(await new CgroupFolder(_top.File("group")).RemoveAsync());

        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(ended.Id), () => $"{ended.Id} is alive.");
    }

    [Fact]
    public void AGatewayIsDeadWhenItsProcessIsNotThereOrAnotherOne()
    {
        var own = GatewayName.Own.Split('-');
        using var ended = Process.Start("/bin/true");
        ended.WaitForExit();

        Assert.False(GatewayName.IsOfADeadOne(GatewayName.Own));
        Assert.True(GatewayName.IsOfADeadOne($"fal-{own[1]}-{own[2]}-1"));
        Assert.True(GatewayName.IsOfADeadOne($"fal-{own[1]}-{ended.Id}-{own[3]}"));

        // In another namespace the same number is another process, which cannot be seen from here.
        Assert.False(GatewayName.IsOfADeadOne($"fal-1-{ended.Id}-{own[3]}"));
        Assert.False(GatewayName.IsOfADeadOne("user.slice"));
        Assert.False(GatewayName.IsOfADeadOne("fal-a-b-c-d"));
    }

    // The kernel counts up from the last id that it gave, and others may take the next one: then another child ends. The shell is there
    // before: with that id it would be a child that takes the ended one's place.
    private static Process EndedChildWhoseIdAnotherProcessHas()
    {
        const string LastGiven = "/proc/sys/kernel/ns_last_pid";
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists(LastGiven), "Only root may say which id the next process has.");
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "while read line; do sleep 100 < /dev/null > /dev/null 2>&1 & echo $!; done"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        for (var tries = 0; tries < 100; tries++)
        {
            var ended = Process.Start("/bin/true");
            ended.WaitForExit();
            File.WriteAllText(LastGiven, $"{ended.Id - 1}");
            shell.StandardInput.WriteLine();
            var other = int.Parse(shell.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            if (other == ended.Id)
            {
                return ended;
            }

            ProcessTable.Kill(other);
            ended.Dispose();
        }

        throw new InvalidOperationException("No process came to have the id of one that had ended.");
    }

    private void Make(string folder, params string[] files)
    {
        Directory.CreateDirectory(_top.File(folder));
        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(_top.File(folder), file), "");
        }
    }
}
