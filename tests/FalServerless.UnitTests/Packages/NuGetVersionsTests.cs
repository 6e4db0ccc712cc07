using CsCheck;
using FalServerless.Packages;
using FalServerless.Tests.Shared.Randomness;
using NuGet.Versioning;

namespace FalServerless.UnitTests.Packages;

/// <summary>Versions and ranges as NuGet itself reads them.</summary>
public class NuGetVersionsTests
{
    private static readonly string[] Numbers =
    [
        "1",
        "1.2",
        "1.2.3",
        "1.2.3.4",
        "1.2.3.0",
        "01.02",
        "1.02.003",
        "0",
        "0.0.0",
        "1.2.3.4.5",
        "1.",
        "1..2",
        ".1",
        "1.a",
        "-1",
        "1.-2",
        "+1",
        "2147483647",
        "2147483648",
        "99999999999",
        "１.２",
        "v1.2",
        "1.x",
        "1_000",
        "",
        " ",
    ];

    private static readonly string[] Labels =
    [
        "-a",
        "-A",
        "-alpha.1",
        "-ALPHA.1",
        "-rc.01",
        "-01",
        "-00",
        "-0",
        "-1",
        "-a..b",
        "-.a",
        "-a.",
        "-",
        "--",
        "-a-b",
        "-01a",
        "-be_ta",
        "-ä",
        "-a b",
        "-99999999999",
        "+m",
        "+m.01",
        "-a+m",
        "+",
        "+a..b",
        "+m_x",
        "+a+b",
    ];

    private static readonly string[] Floating =
    [
        "*",
        "1.*",
        "1.2.*",
        "1.2.3.*",
        "1.2.3.4.*",
        "01.*",
        "*.1",
        "1.*.2",
        "**",
        "*.*",
        "*-*",
        "*-rc",
        "*-rc*",
        "*-rc.*",
        "1.*-*",
        "1.2.*-rc.*",
        "1.2.3-*",
        "1.2.3-a*",
        "1.2.3-a.*",
        "1.2.3-a.b*",
        "1.2.3-*a",
        "1.2.3-**",
        "1-a*",
        "1.2.3.4-a*",
        "1.*-a",
        "1.2.3-.*",
        "1.2.3-a..*",
        "1.2.3-*+m",
        "1.2.*+m",
        "1.2.3-a.01*",
        "1.2.3-01*",
        "1.2.3-0*",
        "1.2.3-be_ta*",
        "1.2.3--*",
        "1.2.3-a-b*",
        "1.2.3-a-b.*",
        "1.*-a-b.*",
        "1.2147483648.*",
    ];

    private static readonly string[] Intervals =
    [
        "[1.0]",
        "(1.0)",
        "[1.0)",
        "[]",
        "()",
        "[1.0,2.0,3.0]",
        "[1.0",
        "1.0]",
        "[[1.0],2.0]",
        "[1.0;2.0]",
        "[2.0,1.0]",
        "[1.0,1.0]",
        "[1.0,1.0)",
        "[ 1.0 , 2.0 ]",
        "[1.0.0-a,1.0.0]",
        "[1.0.0,1.0.0-a]",
        "[1.0.0-A,1.0.0-a]",
        "[1.0.0-a.9,1.0.0-a.10]",
        "[1.0.0-10,1.0.0-9]",
        "[1.0.0-a,1.0.0-1]",
        "[1.0.0-99999999999,1.0.0-100000000000]",
        "[1.0.0-a-,1.0.0-a0]",
        "[1.0+a,1.0+b]",
        "[1.*]",
        "[1.*,2.0)",
        "(1.*,2.0)",
        "[1.2.*,1.1]",
        "[1.2.*,1.2]",
        "[*,0]",
        "[1.0,2.*]",
        "[1.0.0-a*,1.0.0-b]",
        "[1.0.0-b*,1.0.0-a]",
        "[1.2.3-rc*,1.2.3-rc]",
        "[1.2.3-rc.*,1.2.3-rc]",
        "[1.2.3-rc.*,1.2.3-rc.0]",
        "[1.0.0-*,1.0.0-0]",
        "[*-*,0.0.0-0]",
        "[1.*-*,1.0]",
        "[1.0.0-01,2.0]",
    ];

    private static readonly Gen<string> Versions = Gen.Select(
        Gen.OneOf("0", "1", "01", "1.2", "1.2.3", "1.2.3.4", "*", "1.*", "1.2.*", ""),
        Gen.Frequency(
            (2, Gen.Const("")),
            (3, Gen.OneOf("0", "1", "10", "01", "a", "A", "b", "-", ".", "*").Array[1, 4].Select(string.Concat))
        ),
        (numbers, label) => label.Length == 0 ? numbers : $"{numbers}-{label}"
    );

    private static readonly Gen<string> Ranges = Gen.Select(
        Gen.OneOf("[", "("),
        Versions,
        Versions,
        Gen.OneOf("]", ")"),
        (open, low, high, close) => $"{open}{low},{high}{close}"
    );

    [Fact]
    public void EveryVersionIsReadAsNuGetReadsIt()
    {
        string[] texts =
        [
            .. Numbers,
            .. Labels.SelectMany(label => new[] { "1.2.3" + label, "1" + label, "1.2.3.4" + label }),
            .. Floating,
        ];
        Assert.InRange(texts.Length + Intervals.Length, 150, int.MaxValue);
        Assert.All(texts, AssertVersion);
        Assert.All(Intervals, AssertInterval);
        string?[] bounds = [.. Numbers, .. Labels.Select(label => "1.2.3" + label)];
        Assert.All(bounds, bound => AssertInterval($"[{bound},9]"));
        Assert.All(bounds, bound => AssertInterval($"(0,{bound})"));
    }

    [Fact]
    public void RandomVersionsAreReadAsNuGetReadsThem() => Versions.Sample(20_000, AssertVersion);

    [Fact]
    public void RandomIntervalsAreReadAsNuGetReadsThem() => Ranges.Sample(40_000, AssertInterval);

    [Fact]
    public void VersionsHaveTheOrderThatNuGetGivesThem() =>
        Gen.Select(Versions.Where(IsVersion), Versions.Where(IsVersion))
            .Sample(
                20_000,
                pair =>
                {
                    var (left, right) = (Ours(pair.Item1), Ours(pair.Item2));
                    Assert.Equal(
                        Math.Sign(NuGetVersion.Parse(pair.Item1).CompareTo(NuGetVersion.Parse(pair.Item2))),
                        Math.Sign(left.CompareTo(right))
                    );
                    Assert.True(left != right || left.GetHashCode() == right.GetHashCode());
                }
            );

    private static void AssertVersion(string text)
    {
        var expected =
            NuGetVersion.TryParse(text, out var version) ? $"[{version.ToNormalizedString()}]"
            : IsNumberBeforeAsterisk(text) ? null
            : VersionRange.TryParse(text, allowFloating: true, out var range) && range.IsFloating ? range.ToNormalizedString()
            : null;

        var read = PackageRange.Exactly(text);

        Assert.Equal(expected, read is null || read[0] == '[' ? read : $"[{read}, )");
    }

    // What NuGet writes is what it reads: some forms differ, "[1.0,1.0]" from "[1.0]", but none of their versions.
    private static void AssertInterval(string text)
    {
        var read = PackageRange.Interval(text);

        if (
            IsNumberBeforeAsterisk(text)
            || !VersionRange.TryParse(text, allowFloating: true, out var expected)
            || (expected.HasLowerAndUpperBounds && expected.MinVersion!.CompareTo(expected.MaxVersion) == 0 && !IsClosed(expected))
        )
        {
            // NuGet has no way to write it without a space: an interval without bounds.
            Assert.True(read is null or "(, )", $"'{text}' was read as {read}.");
            return;
        }

        Assert.True(read is not null || text.Replace(" ", "", StringComparison.Ordinal) == "[]", $"'{text}' was refused.");
        if (read is not null)
        {
            Assert.Equal(expected, VersionRange.Parse(read));
        }
    }

    private static bool IsClosed(VersionRange range) => range is { IsMinInclusive: true, IsMaxInclusive: true };

    // NuGet reads "1.2*" as "1.*", which nobody means.
    private static bool IsNumberBeforeAsterisk(string text) =>
        text.Split('-', ',')[0] is var numbers && numbers.TrimEnd().EndsWith('*') && numbers.TrimEnd() is [.., >= '0' and <= '9', '*'];

    private static bool IsVersion(string text) => NuGetVersion.TryParse(text, out _);

    private static PackageVersion Ours(string text) =>
        PackageVersion.TryParse(text, out var version) ? version : throw new FormatException($"'{text}' was refused.");
}
