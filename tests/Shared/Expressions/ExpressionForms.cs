using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace FalServerless.Tests.Shared.Expressions;

/// <summary>
/// What people write in expression lambdas: each form's result is the same in every process, and comparable by <see cref="Outcome"/>.
/// The name of a form is its source.
/// </summary>
internal static partial class ExpressionForms
{
    private static readonly Lazy<Dictionary<string, ExpressionForm>> ByName = new(() => All().ToDictionary(form => form.Name));

    /// <summary>Every form, by name, as theory data.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names => ByName.Value.Keys.Select(name => new TheoryDataRow<string>(name));

    public static ExpressionForm Named(string name) => ByName.Value[name];

    public static IEnumerable<ExpressionForm> All() =>
        [
            .. Arithmetic,
            .. Comparisons,
            .. Conversions,
            .. Strings,
            .. Constants,
            .. Sequences,
            .. Queries,
            .. Quotes,
            .. Objects,
            .. Arrays,
            .. Types,
            .. UserTypes,
            .. Lambdas,
            .. Library,
            .. Spans,
            .. Closures(),
            .. Scalars(),
            .. Collections(),
            .. new FormOwner(3).This(),
            .. GenericForms<string>.In("g"),
            .. GenericForms<int>.In(7),
        ];

    internal static ExpressionForm Form<R>(Expression<Func<R>> lambda, [CallerArgumentExpression(nameof(lambda))] string name = "") =>
        new(Tidy(name), lambda, []);

    internal static ExpressionForm Form<A, R>(
        Expression<Func<A, R>> lambda,
        A a,
        [CallerArgumentExpression(nameof(lambda))] string name = ""
    ) => new(Tidy($"{name} of {a}"), lambda, [a]);

    internal static ExpressionForm Form<A, B, R>(
        Expression<Func<A, B, R>> lambda,
        A a,
        B b,
        [CallerArgumentExpression(nameof(lambda))] string name = ""
    ) => new(Tidy($"{name} of {a?.ToString() ?? "null"}, {b?.ToString() ?? "null"}"), lambda, [a, b]);

    private static string Tidy(string source) => Spaces().Replace(source, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
