using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Expressions;

/// <summary>
/// Keeps a recursive walk over a tree within the stack, and a tree whose parts are shared (2^n nodes in n objects) within reason.
/// </summary>
internal struct TreeGuard
{
    /// <summary>Half of a 1 MB stack even in an unoptimised build, where a level of the reader takes 1 KB.</summary>
    public const int MaximumDepth = 512;

    public const int MaximumNodes = 1_000_000;

    /// <summary>As many parameters, captured ones included, as a lambda may have.</summary>
    public const int MaximumParameters = 1024;

    private int _depth;
    private int _nodes;

    public void Enter()
    {
        if (++_depth > MaximumDepth)
        {
            throw new ExpressionNotSendableException(
                $"The expression is nested deeper than {MaximumDepth} levels. Write it as a block (Isolated.FromDelegate), or compute "
                    + $"parts of it in a method."
            );
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ExpressionNotSendableException(
                $"The expression is nested {_depth} levels deep, more than this thread's stack has room for. Capture it on a thread "
                    + $"with a larger stack, or nest it less."
            );
        }

        if (++_nodes > MaximumNodes)
        {
            throw new ExpressionNotSendableException(
                $"The expression has more than {MaximumNodes} nodes. Does one part of it occur in many places? Compute that part "
                    + $"in a method."
            );
        }
    }

    public void Leave() => _depth--;
}
