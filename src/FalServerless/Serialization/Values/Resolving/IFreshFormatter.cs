namespace FalServerless.Serialization.Values;

/// <summary>
/// Formatters of types whose objects arrive as new ones: a gate holds nothing that belongs to its process but who is inside.
/// </summary>
internal interface IFreshFormatter;
