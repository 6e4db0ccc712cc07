using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace FalServerless.Serialization.Methods;

/// <summary>Makes delegates from their parts, as the compiler's code would.</summary>
internal static class DelegateBinder
{
    private static readonly ConcurrentDictionary<(Type Type, MethodInfo Method), Func<object, Delegate>> Direct = new();

    /// <summary>The type of the object that a delegate over this method is closed over.</summary>
    /// <exception cref="ArgumentException">The method takes none.</exception>
    public static Type TargetType(MethodInfo method) =>
        !method.IsStatic ? method.DeclaringType!
        : method.GetParameters() is [var first, ..] ? first.ParameterType
        : throw new ArgumentException($"The method '{method}' takes no object.");

    /// <summary>A delegate over a static method, or over an instance method whose object is its first argument.</summary>
    /// <exception cref="ArgumentException">The method does not fit the type.</exception>
    public static Delegate Open(Type type, MethodInfo method) => Delegate.CreateDelegate(type, method);

    /// <summary>A delegate over a method and its object, or over a static method and its first argument.</summary>
    /// <exception cref="ArgumentException">The method or the object does not fit the type.</exception>
    public static Delegate Closed(Type type, MethodInfo method, object? target)
    {
        var bound = Delegate.CreateDelegate(type, target, method, throwOnBindFailure: true)!;

        // Binding looks for the override, but the delegate that was sent may have been made over base.Method.
        return target is null || !IsOverridden(method, target.GetType()) || bound.Method == method
            ? bound
            : Direct.GetOrAdd((type, method), Emit)(target);
    }

    /// <summary>Whether an ordinary call of the method on an object of the type might run another one.</summary>
    public static bool IsOverridden(MethodInfo method, Type target) =>
        method is { IsVirtual: true, IsFinal: false } && target != method.DeclaringType;

    private static Func<object, Delegate> Emit((Type Type, MethodInfo Method) key)
    {
        var maker = new DynamicMethod("Bind", typeof(Delegate), [typeof(object)], typeof(DelegateBinder).Module, skipVisibility: true);
        var il = maker.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldftn, key.Method);
        il.Emit(OpCodes.Newobj, key.Type.GetConstructors()[0]);
        il.Emit(OpCodes.Ret);
        return maker.CreateDelegate<Func<object, Delegate>>();
    }
}
