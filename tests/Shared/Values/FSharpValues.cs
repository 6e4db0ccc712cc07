using System.Globalization;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace FalServerless.Tests.Shared.Values;

/// <summary>What a program in F# sends, made of the language's own types.</summary>
internal static class FSharpValues
{
    public static Order Sample { get; } =
        new(
            7,
            ListModule.OfSeq(new[] { new Line("pen", 1.5m, FSharpOption<string>.Some("blue")), new Line("ink", 3m, null) }),
            SetModule.OfSeq(new[] { "new", "gift" }),
            new(new[] { Tuple.Create("pen", 1.5m), Tuple.Create("ink", 3m) }),
            FSharpValueOption<decimal>.Some(0.1m),
            FSharpResult<int, string>.NewError("stock")
        );

    public static FSharpList<int> Numbers(int count) => ListModule.OfSeq(Enumerable.Range(0, count));

    public static FSharpMap<int, int> Squares(int count) => new(Enumerable.Range(1, count).Select(i => Tuple.Create(i, i * i)));

    /// <summary>Looks up and matches, as code does with what it was given.</summary>
    public static string Describe(Order order)
    {
        var total = order.Lines.Sum(line => line.Amount * order.Prices[line.Article]);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{order.Id} {total} {order.Tags.Contains("gift")} {order.Checked.ErrorValue} {order.Discount.Value} "
                + $"{order.Lines.Head.Note?.Value}"
        );
    }

    internal sealed record Line(string Article, decimal Amount, FSharpOption<string>? Note);

    internal sealed record Order(
        int Id,
        FSharpList<Line> Lines,
        FSharpSet<string> Tags,
        FSharpMap<string, decimal> Prices,
        FSharpValueOption<decimal> Discount,
        FSharpResult<int, string> Checked
    );

    /// <summary>A key that compares by a rule of its own.</summary>
    internal sealed class Caseless(string text) : IComparable, IEquatable<Caseless>
    {
        public int CompareTo(object? obj) => obj is Caseless other ? StringComparer.OrdinalIgnoreCase.Compare(Text, other.Text) : 1;

        public bool Equals(Caseless? other) => CompareTo(other) == 0;

        public override bool Equals(object? obj) => CompareTo(obj) == 0;

        public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Text);

        private string Text { get; } = text;
    }
}
