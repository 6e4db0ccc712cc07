using System.Reflection;
using System.Reflection.Emit;

namespace FalServerless.Tests.Shared.Assemblies;

/// <summary>An assembly with one static method, <c>Made.Run</c>, that gives a number.</summary>
internal static class MadeAssembly
{
    public static byte[] Image(string name, int number)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        Define(assembly.DefineDynamicModule(name), number);
        using var image = new MemoryStream();
        assembly.Save(image);
        return image.ToArray();
    }

    public static Assembly Running(string name)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run);
        Define(assembly.DefineDynamicModule(name), 1);
        return assembly;
    }

    public static Func<int> Body(Assembly assembly) => assembly.GetType("Made")!.GetMethod("Run")!.CreateDelegate<Func<int>>();

    private static void Define(ModuleBuilder module, int number)
    {
        var type = module.DefineType("Made", TypeAttributes.Public | TypeAttributes.Class);
        var il = type.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static, typeof(int), []).GetILGenerator();
        il.Emit(OpCodes.Ldc_I4, number);
        il.Emit(OpCodes.Ret);
        type.CreateType();
    }
}
