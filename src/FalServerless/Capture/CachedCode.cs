using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture;

/// <summary>
/// The assemblies of cached functions that a body captures: their type does not tell where their code is, so the objects are asked, once.
/// Only fields and arrays are looked at, which runs nothing of the user's.
/// </summary>
internal sealed class CachedCode
{
    private readonly TypeAssemblies _named = new();
    private readonly HashSet<Assembly> _trees = [];
    private readonly Queue<(ClosureFieldUsage Use, object Value)> _pending = new();

    // One closure may serve several functions, each with fields of its own.
    private readonly HashSet<(ClosureFieldUsage Use, object Value)> _seen = new(new ByIdentity());

    /// <param name="captured">The captured variables.</param>
    /// <param name="use">The fields that the code uses of the closures among them.</param>
    public static IReadOnlyCollection<Assembly> Of(IEnumerable<CapturedVariable> captured, ClosureFieldUsage use)
    {
        var code = new CachedCode();
        foreach (var variable in captured.Where(variable => variable.IsClosure || OpenTypes.Includes(variable.Type)))
        {
            code.Visit(variable.Read(), use);
        }

        code.LookIntoAll();
        return [.. code._named.Found, .. code._trees];
    }

    // Not one inside the other: a chain of objects may be longer than the stack is deep.
    private void Visit(object? value, ClosureFieldUsage use)
    {
        if (value is not (null or string or Type) && _seen.Add((use, value)))
        {
            _pending.Enqueue((use, value));
        }
    }

    private void LookIntoAll()
    {
        while (_pending.TryDequeue(out var next))
        {
            LookInto(next.Value, next.Use);
        }
    }

    private void LookInto(object value, ClosureFieldUsage use)
    {
        switch (value)
        {
            case ICachedFunction { Body: var body }:
                foreach (var part in body.GetInvocationList())
                {
                    _named.Add(part.Method);
                    Visit(part.Target, ClosureFieldUsage.None.With(part.Method));
                }

                break;
            case Expression tree:
                VisitTree(tree, use);
                break;
            case Array items when !FrameworkTypes.Contains(value.GetType().GetElementType()!):
                foreach (var item in items)
                {
                    Visit(item, use);
                }

                break;
            case Delegate or Array:
                break;
            default:
                VisitFields(value, use);
                break;
        }
    }

    private void VisitTree(Expression tree, ClosureFieldUsage use)
    {
        try
        {
            var parts = TreeParts.Of(tree);
            foreach (var assembly in BodyAssemblies.Of(parts.Lambda.Body, parts.Lambda.Parameters, parts.Lambda.ReturnType))
            {
                _trees.Add(assembly);
            }

            foreach (var variable in parts.Captured)
            {
                Visit(variable.Read(), use);
            }
        }
        catch (ExpressionNotSendableException)
        {
            // The call says so, with the path to it.
        }
    }

    private void VisitFields(object value, ClosureFieldUsage use)
    {
        var isClosure = ClosureNames.IsClosure(value.GetType());
        for (var type = value.GetType(); type is not null && !FrameworkTypes.Contains(type); type = type.BaseType)
        {
            foreach (
                var field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            )
            {
                if ((!isClosure || use.Includes(field)) && MayHoldCode(field))
                {
                    Visit(field.GetValue(value), use);
                }
            }
        }
    }

    private static bool MayHoldCode(FieldInfo field)
    {
        try
        {
            return field.FieldType is { IsPrimitive: false, IsPointer: false, IsEnum: false } type
                && (ClosureNames.IsClosure(type) || OpenTypes.Includes(type));
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException)
        {
            // A type of a package that is not here: no value of it can be either.
            return false;
        }
    }

    private sealed class ByIdentity : IEqualityComparer<(ClosureFieldUsage Use, object Value)>
    {
        public bool Equals((ClosureFieldUsage Use, object Value) x, (ClosureFieldUsage Use, object Value) y) =>
            x.Use == y.Use && ReferenceEquals(x.Value, y.Value);

        public int GetHashCode((ClosureFieldUsage Use, object Value) obj) =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(obj.Use), RuntimeHelpers.GetHashCode(obj.Value));
    }
}
