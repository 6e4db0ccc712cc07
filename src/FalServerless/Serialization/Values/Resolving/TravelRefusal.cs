namespace FalServerless.Serialization.Values;

/// <summary>Why no value of a type can travel, and what to do instead.</summary>
internal sealed record TravelRefusal(string Reason, string WayOut)
{
    public CannotTravelException For(Type type) => new(type, Reason, WayOut);
}
