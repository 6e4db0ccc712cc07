using FalServerless.Wire;

namespace FalServerless.Serialization.Types;

/// <summary>
/// Writes types into one message: a number for a well-known one, a name the first time and a negative number afterwards,
/// <c>[definition, argument…]</c> for a constructed one, <c>[nil, rank, element]</c> for an array (rank 0 is the one-dimensional zero-based
/// kind).
/// </summary>
/// <param name="names">What the other side resolves names in; null where what is written is never read.</param>
internal sealed class TypeWriter(TypeNames? names = null)
{
    // Made at the first name: most messages name only well-known types.
    private Dictionary<Type, int>? _written;

    public void Write(ref MessagePackWriter writer, Type type)
    {
        if (WellKnownTypes.TryGetCode(type, out var code))
        {
            writer.Write(code);
        }
        else if (_written is not null && _written.TryGetValue(type, out var index))
        {
            writer.Write(-1 - index);
        }
        else
        {
            WriteInFull(ref writer, type);
            _written ??= [];
            _written.Add(type, _written.Count);
        }
    }

    private void WriteInFull(ref MessagePackWriter writer, Type type)
    {
        if (type.IsArray)
        {
            writer.WriteArrayHeader(3);
            writer.WriteNil();
            writer.Write(type.IsSZArray ? 0 : type.GetArrayRank());
            Write(ref writer, type.GetElementType()!);
        }
        else if (type.IsByRef || type.IsPointer)
        {
            // Only signatures hold these: two items cannot be an array type, and a nil definition no constructed one.
            writer.WriteArrayHeader(2);
            writer.WriteNil();
            Write(
                ref writer,
                type.IsByRef
                    ? type.GetElementType()!
                    : throw new UnnamedTypeException(type, "a pointer of this process means nothing in another", "Use long for a number")
            );
        }
        else if (type.IsConstructedGenericType)
        {
            var arguments = type.GetGenericArguments();
            writer.WriteArrayHeader(arguments.Length + 1);
            Write(ref writer, type.GetGenericTypeDefinition());
            foreach (var argument in arguments)
            {
                Write(ref writer, argument);
            }
        }
        else
        {
            writer.Write(TypeNames.NameOf(type));
            ThrowIfUnknownThere(type);
        }
    }

    // Of a plug-in, or of an assembly that was loaded from bytes: the name would lead nowhere, or to another type.
    private void ThrowIfUnknownThere(Type type)
    {
        if (names is null || FrameworkTypes.Contains(type) || names.Knows(type.Assembly))
        {
            return;
        }

        var assembly = type.Assembly.GetName().Name;
        throw type.Assembly.Location.Length == 0
            ? new UnnamedTypeException(
                type,
                $"its assembly '{assembly}' was loaded from memory, and exists in this process only",
                "Put the type into an ordinary assembly"
            )
            : new UnnamedTypeException(
                type,
                $"it is in the assembly '{assembly}', which the function does not bring along",
                "Name a type of that assembly in the body"
            );
    }
}
