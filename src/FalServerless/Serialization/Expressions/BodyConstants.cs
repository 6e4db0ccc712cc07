using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Expressions;

/// <summary>
/// The constants that are part of a body, as literals are: <c>[Constant, declared type, value]</c>,
/// with the value's own type before the value where it is another one. The default of any other struct is nil.
/// </summary>
internal static class BodyConstants
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a value may stay in a body; every other one is data, and is sent as an input.</summary>
    public static bool Supports(object? value) => value is null || TagOf(value) is not null;

    public static void Write(ref MessagePackWriter writer, ConstantExpression node, TypeWriter types, MemberWriter members)
    {
        if (node.Value is null)
        {
            WriteHeader(ref writer, 3);
            types.Write(ref writer, node.Type);
            writer.WriteNil();
            return;
        }

        var tag =
            TagOf(node.Value)
            ?? throw new ExpressionNotSendableException(
                $"The expression holds a constant of the type '{node.Value.GetType()}'. Such values are data and must be hoisted out "
                    + $"of the body before it is written."
            );
        var isDefault = node.Value is ValueType && !HasValueForm(tag);
        var plain = tag == (isDefault ? node.Type : Nullable.GetUnderlyingType(node.Type) ?? node.Type);
        WriteHeader(ref writer, plain ? 3 : 4);
        types.Write(ref writer, node.Type);
        if (!plain)
        {
            types.Write(ref writer, tag);
        }

        if (isDefault)
        {
            writer.WriteNil();
            return;
        }

        WriteValue(ref writer, node.Value, tag, types, members);
    }

    /// <summary>Reads what follows the node's kind.</summary>
    public static ConstantExpression Read(ref MessagePackReader reader, int rest, TypeReader types, MemberReader members)
    {
        var declared = types.Read(ref reader);
        var tag = rest == 3 ? types.Read(ref reader) : Nullable.GetUnderlyingType(declared) ?? declared;
        return Expression.Constant(
            !reader.TryReadNil() ? ReadValue(ref reader, tag, types, members)
                : rest == 3 ? DefaultValues.Of(tag)
                : DefaultValues.Of(declared),
            declared
        );
    }

    private static void WriteHeader(ref MessagePackWriter writer, int count)
    {
        writer.WriteArrayHeader(count);
        writer.Write((int)ExpressionType.Constant);
    }

    private static Type? TagOf(object value) =>
        value switch
        {
            string => typeof(string),
            Type => typeof(Type),
            MethodInfo => typeof(MethodInfo),
            ConstructorInfo => typeof(ConstructorInfo),
            FieldInfo => typeof(FieldInfo),
            PropertyInfo => typeof(PropertyInfo),
            Enum => value.GetType(),

            ValueType when Scalars.Contains(value.GetType()) => value.GetType(),
            ValueType defaulted when DefaultValues.Is(defaulted) => value.GetType(),
            _ => null,
        };

    private static bool HasValueForm(Type type) => type.IsEnum || Scalars.Contains(type);

    private static void WriteValue(ref MessagePackWriter writer, object value, Type tag, TypeWriter types, MemberWriter members)
    {
        switch (value)
        {
            case string text:
                WriteString(ref writer, text);
                break;
            case Type type:
                types.Write(ref writer, type);
                break;
            case MemberInfo member:
                members.Write(ref writer, member);
                break;
            case Enum:
                var underlying = Enum.GetUnderlyingType(tag);
                Scalars.Write(ref writer, Convert.ChangeType(value, underlying, null), underlying);
                break;
            default:
                Scalars.Write(ref writer, value, tag);
                break;
        }
    }

    private static object? ReadValue(ref MessagePackReader reader, Type tag, TypeReader types, MemberReader members) =>
        tag == typeof(string) ? ReadString(ref reader)
        : tag == typeof(Type) ? types.Read(ref reader)
        : tag == typeof(MethodInfo) ? members.Read<MethodInfo>(ref reader)
        : tag == typeof(ConstructorInfo) ? members.Read<ConstructorInfo>(ref reader)
        : tag == typeof(FieldInfo) ? members.Read<FieldInfo>(ref reader)
        : tag == typeof(PropertyInfo) ? members.Read<PropertyInfo>(ref reader)
        : tag.IsEnum ? Enum.ToObject(tag, Scalars.Read(ref reader, Enum.GetUnderlyingType(tag)))
        : Scalars.Read(ref reader, tag);

    // UTF-8 has no form for a lone surrogate, so a string that has one is sent as its UTF-16 code units.
    private static void WriteString(ref MessagePackWriter writer, string text)
    {
        if (IsUtf8(text))
        {
            writer.Write(text);
        }
        else
        {
            writer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
        }
    }

    private static string? ReadString(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType != MessagePackType.Binary)
        {
            return reader.ReadString();
        }

        var bytes = reader.ReadBytes()!.Value;
        return bytes.Length % 2 == 0
            ? new(MemoryMarshal.Cast<byte, char>(bytes.ToArray()))
            : throw new ProtocolException("UTF-16 takes an even number of bytes.");
    }

    public static bool IsUtf8(string text)
    {
        try
        {
            StrictUtf8.GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
