namespace FalServerless.Runtime.Diagnosis;

/// <summary>How well something works. The names, in small letters, are those of the command line.</summary>
internal enum Condition
{
    Works,

    /// <summary>It works in part, or something else takes its place.</summary>
    Limited,

    /// <summary>It does not work, and is needed.</summary>
    Fails,
}
