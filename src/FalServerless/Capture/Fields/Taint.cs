namespace FalServerless.Capture.Fields;

/// <summary>What a value of a method may be, as far as it concerns the object whose fields are looked for.</summary>
internal enum Taint
{
    /// <summary>Nothing that leads to the object.</summary>
    None,

    /// <summary>The object.</summary>
    This,

    /// <summary>A closure or state machine that may hold the object, or a reference to one.</summary>
    Holder,

    /// <summary>A delegate whose target is one of these, and whose code has been followed.</summary>
    Delegate,

    /// <summary>The address of a local variable.</summary>
    Address,

    /// <summary>The address of a method.</summary>
    Function,
}

/// <summary>A value on the stack.</summary>
/// <param name="Taint">What it may be.</param>
/// <param name="Data">The number of the local variable, or the token of the method.</param>
internal readonly record struct StackValue(Taint Taint, int Data = 0);
