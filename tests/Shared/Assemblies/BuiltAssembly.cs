using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;

namespace FalServerless.Tests.Shared.Assemblies;

/// <summary>
/// An assembly file with one class <c>Given</c>, whose method <c>Value</c> gives a number: its own, or another such assembly's.
/// </summary>
internal sealed class BuiltAssembly
{
    private BuiltAssembly(string path) => Path = path;

    public string Path { get; }

    public static BuiltAssembly Of(string folder, string name, int value, Version? version = null) =>
        Build(folder, name, version, il => il.Emit(OpCodes.Ldc_I4, value));

    public static BuiltAssembly Of(string folder, string name, BuiltAssembly needed) =>
        Build(folder, name, null, il => il.Emit(OpCodes.Call, needed.Method()));

    /// <summary>A body that calls the method, loaded here in a context of its own.</summary>
    public LambdaExpression Body() => Expression.Lambda(Expression.Call(Method()));

    private static BuiltAssembly Build(string folder, string name, Version? version, Action<ILGenerator> body)
    {
        var assembly = new PersistedAssemblyBuilder(
            new AssemblyName(name) { Version = version ?? new(1, 0, 0, 0) },
            typeof(object).Assembly
        );
        var type = assembly.DefineDynamicModule(name).DefineType("Given", TypeAttributes.Public | TypeAttributes.Class);
        var method = type.DefineMethod("Value", MethodAttributes.Public | MethodAttributes.Static, typeof(int), []);
        body(method.GetILGenerator());
        method.GetILGenerator().Emit(OpCodes.Ret);
        type.CreateType();
        var path = System.IO.Path.Combine(folder, name + ".dll");
        assembly.Save(path);
        return new(path);
    }

    private MethodInfo Method() =>
        new AssemblyLoadContext(System.IO.Path.GetFileName(Path)).LoadFromAssemblyPath(Path).GetType("Given")!.GetMethod("Value")!;
}
