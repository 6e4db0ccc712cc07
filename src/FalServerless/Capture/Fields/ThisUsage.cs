using System.Reflection;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture.Fields;

/// <summary>How a delegate's code comes to the <c>this</c> that it captures, and which of its fields it uses.</summary>
internal sealed class ThisUsage
{
    private readonly MethodInfo _method;

    // From the delegate's target over the closures around it; empty where the target is the object.
    private readonly FieldInfo[] _road;

    private ThisUsage(MethodInfo method, FieldInfo[] road)
    {
        _method = method;
        _road = road;
    }

    /// <summary>Null where the code has no <c>this</c>, or comes to it in more ways than one.</summary>
    /// <param name="method">The delegate's method.</param>
    /// <param name="target">The class of its target.</param>
    /// <param name="use">The fields that are sent of closures.</param>
    public static ThisUsage? Of(MethodInfo method, Type target, ClosureFieldUsage use)
    {
        if (!ClosureNames.IsClosure(target))
        {
            return new(method, []);
        }

        var roads = Roads(target, use).Take(2).ToArray();
        return roads is [var road] ? new(method, [.. road]) : null;
    }

    /// <summary>The object with the fields that the code uses; null where all are to be sent.</summary>
    /// <param name="target">The delegate's target.</param>
    /// <param name="hasPackages">Whether the worker has packages of its own, which it prefers to what the function brings.</param>
    public PartialObject? PartOf(object? target, bool hasPackages) =>
        Find(target, out var closures) is { } found && UsageOf(found, hasPackages).Fields is { } fields
            ? new(found, fields, closures)
            : null;

    /// <summary>What is known of the code's use; null where there is no object.</summary>
    /// <param name="target">The delegate's target.</param>
    /// <param name="hasPackages">Whether the worker has packages of its own.</param>
    public FieldUsage? Find(object? target, bool hasPackages) => Find(target, out _) is { } found ? UsageOf(found, hasPackages) : null;

    private static IEnumerable<IEnumerable<FieldInfo>> Roads(Type closure, ClosureFieldUsage use)
    {
        foreach (var field in closure.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(use.Includes))
        {
            if (ClosureNames.IsClosure(field.FieldType))
            {
                foreach (var rest in Roads(field.FieldType, use))
                {
                    yield return [field, .. rest];
                }
            }
            else if (ClosureNames.IsThis(field))
            {
                yield return [field];
            }
        }
    }

    private object? Find(object? target, out IReadOnlyList<object> closures)
    {
        var passed = new List<object>();
        closures = passed;
        foreach (var field in _road)
        {
            if (target is null)
            {
                return null;
            }

            passed.Add(target);
            target = field.GetValue(target);
        }

        return target;
    }

    private FieldUsage UsageOf(object found, bool hasPackages)
    {
        var usage = FieldUsage.Of(found.GetType(), _method, _road.Length == 0 ? Taint.This : Taint.Holder);
        return hasPackages && usage.OtherAssembly is { } other
            ? FieldUsage.Whole($"the worker's packages may have another version of '{other}', whose code uses it")
            : usage;
    }
}
