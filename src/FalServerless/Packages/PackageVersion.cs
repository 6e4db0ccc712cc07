using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FalServerless.Packages;

/// <summary>
/// A version of a package as NuGet reads and writes it: up to four numbers and a prerelease label; what follows a plus sign says nothing of
/// the order.
/// </summary>
internal readonly record struct PackageVersion(int Major, int Minor, int Patch, int Revision, string Label) : IComparable<PackageVersion>
{
    private const int MostNumbers = 4;

    public static bool operator <(PackageVersion left, PackageVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(PackageVersion left, PackageVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(PackageVersion left, PackageVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PackageVersion left, PackageVersion right) => left.CompareTo(right) >= 0;

    public static bool TryParse(string text, out PackageVersion version)
    {
        version = default;
        var release = text.Split('+', 2) is [var before, var metadata]
            ? AreIdentifiers(metadata)
                ? before
                : null
            : text;
        if (
            release?.Split('-', 2) is not [var numbers, .. var label]
            || (label is [var given] && !AreLabels(given))
            || !TryReadNumbers(numbers, out var read)
        )
        {
            return false;
        }

        version = new(
            read[0],
            read.ElementAtOrDefault(1),
            read.ElementAtOrDefault(2),
            read.ElementAtOrDefault(3),
            label is [var kept] ? kept : ""
        );
        return true;
    }

    /// <summary>One to four numbers between points; leading zeros mean nothing.</summary>
    public static bool TryReadNumbers(string text, [NotNullWhen(true)] out int[]? numbers)
    {
        var parts = text.Split('.');
        numbers = parts.Length <= MostNumbers ? new int[parts.Length] : null;
        for (var i = 0; i < numbers?.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                numbers = null;
            }
        }

        return numbers is not null;
    }

    /// <summary>Whether these are names of letters, digits and hyphens, with points between them.</summary>
    public static bool AreIdentifiers(string text) =>
        Array.TrueForAll(
            text.Split('.'),
            part => part.Length > 0 && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
        );

    /// <summary>Whether these are identifiers whose numbers have no leading zeros, as those of a prerelease label must be.</summary>
    public static bool AreLabels(string text) =>
        AreIdentifiers(text) && !Array.Exists(text.Split('.'), part => part.Length > 1 && part[0] == '0' && part.All(char.IsAsciiDigit));

    public int CompareTo(PackageVersion other) =>
        (Major, Minor, Patch, Revision).CompareTo((other.Major, other.Minor, other.Patch, other.Revision)) is not 0 and var order
            ? order
            : CompareLabels(Label, other.Label);

    public bool Equals(PackageVersion other) => CompareTo(other) == 0;

    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, Revision, Label.Length > 0);

    /// <summary>Three numbers, the fourth only where it is not zero, and the label.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Major}.{Minor}.{Patch}{(Revision > 0 ? $".{Revision.ToString(CultureInfo.InvariantCulture)}" : "")}"
                + $"{(Label.Length > 0 ? "-" : "")}{Label}"
        );

    // By the rules of semantic versions, without regard to case: none is more than any; numbers go before names; more parts are more.
    private static int CompareLabels(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }

        var (lefts, rights) = (left.Split('.'), right.Split('.'));
        for (var i = 0; i < Math.Min(lefts.Length, rights.Length); i++)
        {
            var (isLeft, isRight) = (IsNumber(lefts[i], out var leftNumber), IsNumber(rights[i], out var rightNumber));
            var order =
                isLeft && isRight ? leftNumber.CompareTo(rightNumber)
                : isLeft != isRight ? isRight.CompareTo(isLeft)
                : string.Compare(lefts[i], rights[i], StringComparison.OrdinalIgnoreCase);
            if (order != 0)
            {
                return order;
            }
        }

        return lefts.Length.CompareTo(rights.Length);
    }

    // NuGet takes a hyphen before digits for a sign.
    private static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
