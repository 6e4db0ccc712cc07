using System.Linq.Expressions;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A variable of expressions as a value, <c>[type, name, whether by reference]</c>: trees that share it share it there too.
/// </summary>
internal sealed class ParameterFormatter : ReferenceFormatter<ParameterExpression>
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var parameter = (ParameterExpression)value;
        writer.WriteArrayHeader(3);
        session.WriteType(ref writer, parameter.Type);
        writer.Write(parameter.Name);
        writer.Write(parameter.IsByRef);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        if (reader.ReadArrayHeader() != 3)
        {
            throw new ProtocolException("A variable of an expression has three parts.");
        }

        var type = session.Types.Read(ref reader);
        var name = reader.ReadString();
        return Expression.Parameter(reader.ReadBoolean() ? type.MakeByRefType() : type, name);
    }
}
