using CsCheck;
using FalServerless.Packages;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Packages;

public class RequirementTests
{
    [Theory]
    [InlineData("Humanizer.Core", "humanizer.core", "*")]
    [InlineData("  Humanizer.Core  ", "humanizer.core", "*")]
    [InlineData("A==1.2", "a[1.2.0]", "[1.2.0]")]
    [InlineData("A == 1.2.3", "a[1.2.3]", "[1.2.3]")]
    [InlineData("A==1.02.0.0", "a[1.2.0]", "[1.2.0]")]
    [InlineData("A==1.2.3.4", "a[1.2.3.4]", "[1.2.3.4]")]
    [InlineData("A==1.2.3+build.5", "a[1.2.3]", "[1.2.3]")]
    [InlineData("A==1.2.3-Beta.1", "a[1.2.3-beta.1]", "[1.2.3-Beta.1]")]
    [InlineData("A==*", "a", "*")]
    [InlineData("A==1.2.*", "a==1.2.*", "1.2.*")]
    [InlineData("A==01.*", "a==1.*", "1.*")]
    [InlineData("A==*-*", "a==*-*", "*-*")]
    [InlineData("A==1.2.*-rc.*", "a==1.2.*-rc.*", "1.2.*-rc.*")]
    [InlineData("A==1.2.3-*", "a==1.2.3-*", "1.2.3-*")]
    [InlineData("A==1.2-beta*", "a==1.2.0-beta*", "1.2.0-beta*")]
    [InlineData("A>=1.2", "a[1.2.0, )", "[1.2.0, )")]
    [InlineData("A[1.2,)", "a[1.2.0, )", "[1.2.0, )")]
    [InlineData("A[1.2,]", "a[1.2.0, )", "[1.2.0, )")]
    [InlineData("A [ 1.0 , 2.0 )", "a[1.0.0, 2.0.0)", "[1.0.0, 2.0.0)")]
    [InlineData("A(1.0,2.0]", "a(1.0.0, 2.0.0]", "(1.0.0, 2.0.0]")]
    [InlineData("A(,2.0]", "a(, 2.0.0]", "(, 2.0.0]")]
    [InlineData("A(,)", "a(, )", "(, )")]
    [InlineData("A[1.0]", "a[1.0.0]", "[1.0.0]")]
    [InlineData("A[1.0,1.0.0]", "a[1.0.0]", "[1.0.0]")]
    [InlineData("A[1.*,2.0)", "a[1.*, 2.0.0)", "[1.*, 2.0.0)")]
    [InlineData("A(1.*,2.0)", "a(1.*, 2.0.0)", "(1.*, 2.0.0)")]
    [InlineData("A[1.0.0-a*,1.0.0-b]", "a[1.0.0-a*, 1.0.0-b]", "[1.0.0-a*, 1.0.0-b]")]
    [InlineData("My_Package-X.Y.Größe", "my_package-x.y.größe", "*")]
    public void ARequirementIsReadAndNormalised(string text, string normalized, string range)
    {
        Assert.True(Requirement.TryParse(text, out var requirement));
        Assert.Equal((text, normalized, range), (requirement.Text, requirement.Normalized, requirement.Range));

        Assert.True(Requirement.TryParse(normalized, out var again));
        Assert.Equal(normalized, again.Normalized);
    }

    [Theory]
    [InlineData("Humanizer.Core=2.14.1", "Humanizer.Core==2.14.1")]
    [InlineData("A===1.2", "A==1.2")]
    [InlineData("A~=1.2.3", "A[1.2.3,1.3)")]
    [InlineData("A~=1.2", "A[1.2,2.0)")]
    [InlineData("A~>1.2.3", "A[1.2.3,1.3)")]
    [InlineData("A~1.2.3", "A[1.2.3,1.3)")]
    [InlineData("A^1.2.3", "A[1.2.3,2.0)")]
    [InlineData("A^0.2.3", "A[0.2.3,0.3)")]
    [InlineData("A<2", "A(,2)")]
    [InlineData("A<=2", "A(,2]")]
    [InlineData("A>1", "A(1,)")]
    [InlineData("A=>1", "A>=1")]
    [InlineData("A>=1.0,<2.0", "A[1.0,2.0)")]
    [InlineData("A>1.0, <=2.0", "A(1.0,2.0]")]
    [InlineData("A@1.2.3", "A==1.2.3")]
    [InlineData("A 1.2", "A==1.2")]
    [InlineData("A:1.2", "A==1.2")]
    [InlineData("A/1.2", "A==1.2")]
    [InlineData("A==1.2.3,", "A==1.2.3")]
    [InlineData("A,", "A")]
    [InlineData("\"A==1.2\"", "A==1.2")]
    [InlineData("A==v1.2", "A==1.2")]
    [InlineData("A==1.x", "A==1.*")]
    [InlineData("A[extra]==1.0", "A==1.0")]
    [InlineData("A.", "A")]
    public void WhatIsWrittenAsInOtherPackageManagersIsRefusedWithTheNearestForm(string text, string nearest)
    {
        var error = Assert.Throws<ArgumentException>(() => new IsolatedOptions { Requirements = ["Other", text] });

        Assert.StartsWith(
            $"'{text}' is not a valid requirement. Did you mean '{nearest}'? A requirement is Name, Name==1.2.3, Name>=1.2 or "
                + $"Name[1.0,2.0).",
            error.Message
        );
        Assert.Equal("Requirements", error.ParamName);
        Assert.True(Requirement.TryParse(nearest, out _));
    }

    [Theory]
    [InlineData("==1.2")]
    [InlineData("A[2.0,1.0]")]
    [InlineData("A[1.0,1.0)")]
    [InlineData("A(1.0)")]
    [InlineData("A[1.0,2.0,3.0]")]
    [InlineData("A[1.0")]
    [InlineData("A==1.2.3.4.5")]
    [InlineData("A==1.2.3-")]
    [InlineData("A==1.2.3-be_ta")]
    [InlineData("A==1.2.3-rc.01")]
    [InlineData("A>=1.2.3-01")]
    [InlineData("A==1.2.3-a..*")]
    [InlineData("A==1.2.3-a-b.*")]
    [InlineData("A==99999999999")]
    [InlineData("A>=1.*")]
    [InlineData("A==1.*.3")]
    [InlineData("../A")]
    [InlineData("A\"B")]
    [InlineData("A<B>")]
    [InlineData("A$(B)")]
    public void WhatHasNoFormIsRefused(string text)
    {
        Assert.False(Requirement.TryParse(text, out _));
        Assert.StartsWith(
            $"'{text}' is not a valid requirement.",
            Assert.Throws<ArgumentException>(() => Isolated.Create(() => 1).On(requirements: [text])).Message
        );
    }

    [Fact]
    public void AListThatCannotBeIsRefusedAtOnce()
    {
        Assert.Throws<ArgumentNullException>(() => new IsolatedOptions { Requirements = null! });
        Assert.Contains("Entry 1 of the requirements is null", Refused("A", null!), StringComparison.Ordinal);
        Assert.Contains("Entry 0 of the requirements, ' ', is empty", Refused(" "), StringComparison.Ordinal);
        Assert.Contains(
            "'A==1.0' and 'a>=1.0' ask for different versions of one package",
            Refused("A==1.0", "a>=1.0"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "256 requirements at most, not 257",
            Refused([.. Enumerable.Range(0, 257).Select(number => $"A{number}")]),
            StringComparison.Ordinal
        );
        Assert.Contains("has 300 characters; 256 is the most", Refused(new string('A', 300)), StringComparison.Ordinal);
        Assert.Contains("is not a valid requirement", Refused(new string('A', 101)), StringComparison.Ordinal);
        Assert.Equal(["A==1", "a == 1.0.0"], new IsolatedOptions { Requirements = ["A==1", "a == 1.0.0"] }.Requirements);
    }

    [Fact]
    public void TheListIsCopied()
    {
        var list = new List<string> { "A==1.0" };
        var options = new IsolatedOptions { Requirements = list };

        list[0] = "not=checked";

        Assert.Equal(["A==1.0"], options.Requirements);
        Assert.Throws<NotSupportedException>(() => ((IList<string>)options.Requirements)[0] = "B");
    }

    [Fact]
    public void EveryWayToWriteAVersionMeansTheSame() =>
        Gen.Select(
                Gen.Select(Gen.Int[0, 999], Gen.Int[0, 999], Gen.Int[0, 2], Gen.Int[0, 2]),
                Gen.Select(Gen.OneOf("", "", "-rc.", "-RC."), Gen.Int[0, 19]),
                Gen.Int[1, 4],
                Gen.OneOf("", "0", "00").Array[4],
                Gen.OneOf("", "+meta.1"),
                Gen.OneOf("{0}=={1}", " {0} [ {1} ] ", "{0}[{1},{1}]")
            )
            .Select(
                (given, label, shown, zeros, metadata, form) =>
                {
                    int[] numbers = [given.Item1, given.Item2, given.Item3, given.Item4];
                    var least =
                        numbers[3] > 0 ? 4
                        : numbers[2] > 0 ? 3
                        : numbers[1] > 0 ? 2
                        : 1;
                    var suffix = label.Item1.Length == 0 ? "" : label.Item1 + label.Item2;
                    var written = numbers[..Math.Max(least, shown)].Zip(zeros, (number, zero) => zero + number);
                    return (
                        Text: string.Format(null, form, "Some.Package", string.Join('.', written) + suffix + metadata),
                        Range: $"[{string.Join('.', numbers[..Math.Max(3, least)])}{suffix}]"
                    );
                }
            )
            .Sample(
                6000,
                version =>
                {
                    Assert.True(Requirement.TryParse(version.Text, out var requirement));
                    Assert.Equal(version.Range, requirement.Range, ignoreCase: true);
                    Assert.True(Requirement.TryParse(requirement.Normalized, out var again), requirement.Normalized);
                    Assert.Equal(requirement.Normalized, again.Normalized);
                },
                version => $"'{version.Text}' is to be {version.Range}"
            );

    [Fact]
    public void VersionsHaveTheOrderOfSemanticVersions()
    {
        string[] ordered =
        [
            "0.9",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.0.1",
            "1.0.1",
            "1.10",
            "2",
        ];
        var versions = ordered
            .Select(text => PackageVersion.TryParse(text, out var version) ? version : throw new FormatException(text))
            .ToArray();

        for (var i = 1; i < versions.Length; i++)
        {
            Assert.True(versions[i - 1] < versions[i], $"{versions[i - 1]} < {versions[i]}");
        }
    }

    private static string Refused(params string[] requirements) =>
        Assert.Throws<ArgumentException>(() => new IsolatedOptions { Requirements = requirements }).Message;
}
