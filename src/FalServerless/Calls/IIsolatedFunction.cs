using FalServerless.Capture;

namespace FalServerless.Calls;

/// <summary>A function of any number of inputs that runs in a worker.</summary>
internal interface IIsolatedFunction
{
    CapturedFunction Function { get; }
}
