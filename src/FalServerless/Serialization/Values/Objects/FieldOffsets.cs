using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The offsets of a type's fields within its objects. One small method is emitted per type and runs once; all access afterwards is compiled
/// code that exists already, where one accessor per field would each have to be compiled.
/// </summary>
internal static class FieldOffsets
{
    private static readonly FieldInfo FirstByte = typeof(AnyObject).GetField(nameof(AnyObject.First))!;

    /// <summary>The fields of an object, or of a boxed struct.</summary>
    public static ref byte FieldsOf(object value) => ref Unsafe.As<AnyObject>(value).First;

    public static int[] Measure(Type type, IReadOnlyList<FieldInfo> fields)
    {
        var method = new DynamicMethod(
            "MeasureFields",
            typeof(void),
            [typeof(object), typeof(int[])],
            typeof(FieldOffsets).Module,
            skipVisibility: true
        );
        var il = method.GetILGenerator();
        for (var i = 0; i < fields.Count; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(type.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, type);
            il.Emit(OpCodes.Ldflda, fields[i]);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldflda, FirstByte);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Conv_I4);
            il.Emit(OpCodes.Stelem_I4);
        }

        il.Emit(OpCodes.Ret);
        var offsets = new int[fields.Count];
        var sample = RuntimeHelpers.GetUninitializedObject(type);
        GC.SuppressFinalize(sample);
        method.CreateDelegate<Action<object, int[]>>()(sample, offsets);
        return offsets;
    }

    // Lays a name over the first byte behind the header of any object.
    private sealed class AnyObject
    {
        public byte First;
    }
}
