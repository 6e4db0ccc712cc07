namespace FalServerless.Runtime.Environments;

/// <summary>What became of an attempt to remove an environment.</summary>
internal enum Removal
{
    Removed,
    Unknown,
    InUse,
}
