using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Runtime.Files;

public class FolderUploadsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NamesThatAreNoUnicodeStay()
    {
        using var data = new DataUnderTest();
        await data.UploadAsync("/data/x", mirror: false, ("a", "1"));
        using (
            var shell = System.Diagnostics.Process.Start(
                "/bin/sh",
                ["-c", $"printf kept > \"$(printf '%s/x/\\377\\200z' '{data.Files}')\""]
            )
        )
        {
            await shell.WaitForExitAsync(Token);
        }

        await data.UploadAsync("/data/x", mirror: false, ("a", "2"));

        using var folder = FalServerless.Runtime.Files.Folders.Folder.Open(data.PathOf("x"));
        Assert.Equal(["a", "\udcff\udc80z"], folder.Names().Order(StringComparer.Ordinal));
        Assert.Equal(["/data/x/a"], data.Store.Files.List("/data/x", isRecursive: true).Select(entry => entry.Path));
        await data.UploadAsync("/data/x", mirror: true, ("a", "2"));
        Assert.Equal(["a"], folder.Names().Count == 0 ? ["a"] : Directory.GetFiles(data.PathOf("x")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(data.Uploads, "trees")));
    }
}
