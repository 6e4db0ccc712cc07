using System.Linq.Expressions;

namespace FalServerless.Serialization.Values;

/// <summary>Expressions by the public classes of their nodes; those that the framework makes are hidden behind them.</summary>
internal static class ExpressionFormatters
{
    public static bool Holds(Type type) => type.IsAssignableTo(typeof(Expression));

    public static ValueFormatter Make(Type type, FormatterResolver formatters) =>
        type == typeof(ParameterExpression)
            ? new ParameterFormatter()
            : FormatterFactory.Method(typeof(ExpressionFormatters), nameof(Tree), type)(formatters);

    public static ValueFormatter Tree<T>(FormatterResolver formatters)
        where T : Expression => new ExpressionFormatter<T>(formatters);

    /// <summary>The class that a node is known by.</summary>
    public static Type PublicClass(Type type)
    {
        while (!type.IsPublic)
        {
            type = type.BaseType!;
        }

        return type;
    }
}
