using FalServerless.Serialization.Results;
using FalServerless.Tests.Shared.Expressions;

namespace FalServerless.Tests.Shared.Delegates;

/// <summary>One thing that can be written in a delegate, with arguments to call it with.</summary>
internal sealed record DelegateForm(string Name, Delegate Body, object?[] Arguments)
{
    public override string ToString() => Name;

    /// <summary>What the form gives here, in this process: its awaited result, or the exception that it throws.</summary>
    public Task<Outcome> HereAsync() =>
        Outcome.OfAsync(async () =>
        {
            try
            {
                var returned = Body.DynamicInvoke((object?[])Arguments.Clone());
                return await ResultShape.Of(Body.GetType().GetMethod("Invoke")!.ReturnType).AwaitAsync(returned);
            }
            catch (System.Reflection.TargetInvocationException e)
            {
                throw e.InnerException!;
            }
        });
}
