using System.Runtime.CompilerServices;

namespace FalServerless.Tests.Shared.Fields;

internal abstract class PricedBase
{
    private readonly int _hidden = 11;

    protected int Shared = 13;

    public int Hidden() => _hidden;

    public virtual int Fee() => _hidden + Shared;

    protected virtual int Twice() => 2 * Shared;

    public virtual int Above => _hidden;

    public virtual int Use(Priced priced) => _hidden;

    public int ByBase() => Slot() + Hidden();

    public string NameByBase() => $"{Name()}";

    protected virtual int Slot() => Shared;

    protected virtual object Name() => _hidden;

    public string Fields =>
        string.Join(
            ' ',
            new (string Name, bool Is)[] { ("hidden", _hidden != 0), ("shared", Shared != 0) }
                .Where(one => one.Is)
                .Select(one => one.Name)
        );
}

internal interface IShown
{
    int Show();
}

/// <summary>A class whose delegates use its fields in all ways; each field has a value from the start.</summary>
internal sealed partial class Priced(int given) : PricedBase, IShown
{
    private static object? _kept;

    private int _rate = 3;
    private int _other = 5;
    private readonly List<int> _items = [1, 2, 3];
    private object? _self;
    private Func<int>? _handler;

    public int Auto { get; set; } = 7;

    public override int Above => _rate;

    /// <summary>The names of the fields that are there.</summary>
    public string Arrived =>
        string.Join(
            ' ',
            new (string Name, bool Is)[]
            {
                ("rate", _rate != 0),
                ("other", _other != 0),
                ("items", _items is not null),
                ("auto", Auto != 0),
                ("given", given != 0),
            }
                .Where(one => one.Is)
                .Select(one => one.Name)
                .Append(Fields)
                .Where(name => name.Length > 0)
        );

    public override int Fee() => _other + base.Fee();

    protected override int Twice() => _rate * 2;

    public override string ToString() => $"{_rate}";

    protected override string Name() => $"{_rate}";

    private new int Slot() => _other;

    int IShown.Show() => _other;

    private int Compute(int by) => by * _other;

    private int Recurse(int left) => left == 0 ? _rate : Recurse(left - 1);

    private T Generic<T>(T value) => _rate > 0 ? value : default!;

    private Priced Me() => this;

    private IEnumerable<int> Sequence()
    {
        yield return _rate;
    }

    private async Task<int> LaterAsync()
    {
        await Task.Yield();
        return _other;
    }

    private static int Peek(Priced priced) => priced._other;

    // The object, or a closure that holds it.
    private static int Target(Delegate code) =>
        (code.Target as Priced ?? (Priced)code.Target!.GetType().GetField("<>4__this")!.GetValue(code.Target)!)._other;

    private static int Through(Func<int> code) => code() + Target(code);

    private static int Only(Func<int> code) => code();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Into(ref int place) => place;
}
