using System.Runtime.Versioning;
using FalServerless.Hosts;
using FalServerless.Runtime.Diagnosis;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Hosts;

[UnsupportedOSPlatform("windows")]
public sealed class DotnetProgramTests : IDisposable
{
    private const string Name = "FalServerless.Worker";
    private const UnixFileMode OwnerExecutes = (UnixFileMode)0b111_100_100;
    private const UnixFileMode EverybodyExecutes = (UnixFileMode)0b111_101_101;

    private readonly TemporaryFolder _folder = new();

    public DotnetProgramTests()
    {
        File.WriteAllText(_folder.File(Name), "");
        File.WriteAllText(_folder.File(Name + ".dll"), "");
        File.SetUnixFileMode(_folder.Path, EverybodyExecutes);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AProgramThatOnlyItsOwnerMayExecuteIsStartedThroughDotnetByOthers()
    {
        File.SetUnixFileMode(_folder.File(Name), OwnerExecutes);

        Assert.Equal(_folder.File(Name), DotnetProgram.StartInfo(_folder.Path, Name).FileName);
        OtherUser.Run(() =>
        {
            var start = DotnetProgram.StartInfo(_folder.Path, Name);
            Assert.Equal("dotnet", Path.GetFileName(start.FileName));
            Assert.Equal(["exec", _folder.File(Name + ".dll")], start.ArgumentList);
        });
    }

    [Fact]
    public void AProgramThatEverybodyMayExecuteIsStartedItselfByOthersToo()
    {
        File.SetUnixFileMode(_folder.File(Name), EverybodyExecutes);

        OtherUser.Run(() => Assert.Equal(_folder.File(Name), DotnetProgram.StartInfo(_folder.Path, Name).FileName));
    }

    [Fact]
    public void DoctorSaysHowToLetThisUserExecuteTheWorker()
    {
        File.SetUnixFileMode(_folder.File(Name), OwnerExecutes);

        Assert.Equal(Condition.Works, DotnetCheck.Worker(_folder.Path).Condition);
        OtherUser.Run(() =>
        {
            var finding = DotnetCheck.Worker(_folder.Path);
            Assert.Equal(Condition.Limited, finding.Condition);
            Assert.Equal(
                $"this user may not execute '{_folder.File(Name)}'; it is started through 'dotnet', which takes longer",
                finding.Found
            );
            Assert.EndsWith($"chmod -R a+X '{_folder.Path}'", finding.Advice, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void WithoutAnExecutableTheWorkerIsFoundAllTheSame()
    {
        File.Delete(_folder.File(Name));

        Assert.Equal(Condition.Works, DotnetCheck.Worker(_folder.Path).Condition);
    }
}
