using System.Reflection;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Expressions;

/// <summary>
/// Writes the members of one message: <c>[declaring type, name, parameters, type arguments, result, text]</c> without the nils at its end
/// the first time, a number afterwards. Type arguments that are a number are a generic definition's.
/// </summary>
internal sealed class MemberWriter(TypeWriter types)
{
    private Dictionary<MemberInfo, int>? _written;

    public void Write(ref MessagePackWriter writer, MemberInfo member)
    {
        if (_written is not null && _written.TryGetValue(member, out var index))
        {
            writer.Write(index);
            return;
        }

        WriteInFull(ref writer, MemberSpelling.Of(member));
        _written ??= [];
        _written.Add(member, _written.Count);
    }

    private void WriteInFull(ref MessagePackWriter writer, MemberSpelling spelling)
    {
        var count = spelling switch
        {
            { Text: not null } => 6,
            { Result: not null } => 5,
            { Arity: > 0 } => 4,
            { Parameters: not null } => 3,
            _ => 2,
        };
        writer.WriteArrayHeader(count);
        types.Write(ref writer, spelling.Declaring);
        writer.Write(spelling.Name);
        if (count > 2)
        {
            WriteTypes(ref writer, spelling.Parameters);
        }

        if (count > 3)
        {
            if (spelling is { Arity: > 0, Arguments: null })
            {
                writer.Write(spelling.Arity);
            }
            else
            {
                WriteTypes(ref writer, spelling.Arguments);
            }
        }

        if (count > 4)
        {
            WriteType(ref writer, spelling.Result);
        }

        if (count > 5)
        {
            writer.Write(spelling.Text);
        }
    }

    private void WriteTypes(ref MessagePackWriter writer, Type[]? all)
    {
        if (all is null)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(all.Length);
        foreach (var type in all)
        {
            types.Write(ref writer, type);
        }
    }

    private void WriteType(ref MessagePackWriter writer, Type? type)
    {
        if (type is null)
        {
            writer.WriteNil();
        }
        else
        {
            types.Write(ref writer, type);
        }
    }
}
