namespace FalServerless.Tests.Shared.Delegates;

/// <summary>
/// What people write in delegates: each form's result is the same in every process, and comparable as an outcome.
/// A body changes none of its captured variables for good: it runs here and there.
/// </summary>
internal static partial class DelegateForms
{
    private static readonly Lazy<Dictionary<string, DelegateForm>> ByName = new(() => All().ToDictionary(form => form.Name));

    /// <summary>Every form, by name, as theory data.</summary>
    public static IEnumerable<TheoryDataRow<string>> Names => ByName.Value.Keys.Select(name => new TheoryDataRow<string>(name));

    public static DelegateForm Named(string name) => ByName.Value[name];

    public static IEnumerable<DelegateForm> All() =>
        [
            .. Statements(),
            .. Language(),
            .. Methods(),
            .. Groups(),
            .. Closures("p", 3),
            .. Captured(),
            .. Async(),
            .. new OwnerForms(4).Forms(),
            .. GenericForms<string>.In("g", 5),
            .. GenericForms<int>.In(7, new[] { "u" }),
        ];

    private static DelegateForm Form(string name, Delegate body, params object?[] arguments) => new(name, body, arguments);
}
