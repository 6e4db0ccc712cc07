using FalServerless.Runtime.Diagnosis;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Runtime.Diagnosis;

public class HostCheckTests
{
    [Fact]
    public void AFolderOnWhichNothingCanBeMadeFailsAndAnotherDoesNot()
    {
        using var folder = new TemporaryFolder();

        var made = FolderCheck.Run("data folder", folder.File("not/yet"), "--data", bytes => $"{bytes}");
        var none = FolderCheck.Run("data folder", "/proc/none", "--data", bytes => $"{bytes}");

        Assert.Equal((Condition.Works, Condition.Fails), (made.Condition, none.Condition));
        Assert.Contains("to be made", made.Found);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Contains("name another folder with --data", none.Advice);
    }
}
