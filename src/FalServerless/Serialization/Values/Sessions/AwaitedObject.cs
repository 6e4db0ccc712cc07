namespace FalServerless.Serialization.Values;

/// <summary>An object that is made of another one as soon as that exists.</summary>
/// <param name="slot">The place of the other one.</param>
/// <param name="madeSlot">The place of the object that is made.</param>
/// <param name="make">Makes it.</param>
/// <param name="outer">The one that was awaited before.</param>
internal sealed class AwaitedObject(int slot, int madeSlot, Func<object?, object> make, AwaitedObject? outer)
{
    public int Slot => slot;

    public int MadeSlot => madeSlot;

    public Func<object?, object> Make => make;

    public AwaitedObject? Outer => outer;

    public object? Made { get; set; }
}
