namespace FalServerless.Hosts;

/// <summary>What a log says of the function that a line is from.</summary>
/// <param name="Name">The name that it was given; null for none.</param>
/// <param name="MachineType">Where it runs.</param>
internal readonly record struct FunctionLabel(string? Name, MachineType MachineType);
