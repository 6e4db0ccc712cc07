using System.Linq.Expressions;

namespace FalServerless.Tests.Shared.Expressions;

/// <summary>One thing that can be written in an expression lambda, with arguments to call it with.</summary>
internal sealed record ExpressionForm(string Name, LambdaExpression Lambda, object?[] Arguments)
{
    public override string ToString() => Name;

    /// <summary>What the form gives here, in this process: its result, or the exception that it throws.</summary>
    public Outcome Local() =>
        Outcome.Of(() =>
        {
            try
            {
                return Lambda.Compile().DynamicInvoke((object?[])Arguments.Clone());
            }
            catch (System.Reflection.TargetInvocationException e)
            {
                throw e.InnerException!;
            }
        });
}
