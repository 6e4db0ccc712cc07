using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace FalServerless.Serialization.Methods;

/// <summary>
/// Finds the closure fields that a method uses. It follows, within the module, the code that a compiler made of the method's source:
/// lambdas, local functions, and whole state machines. Code that has a name of its own cannot reach a closure's fields.
/// </summary>
internal sealed class ClosureScan(ModuleCode module)
{
    private readonly MetadataReader _metadata = module.Metadata;
    private readonly HashSet<int> _fields = [];
    private readonly HashSet<MethodDefinitionHandle> _seen = [];
    private readonly HashSet<TypeDefinitionHandle> _seenTypes = [];
    private readonly Queue<MethodDefinitionHandle> _pending = new();

    public HashSet<int> Of(MethodDefinitionHandle method)
    {
        Follow(method);
        while (_pending.TryDequeue(out var next))
        {
            var instructions = new Instructions(module.InstructionsOf(next));
            while (instructions.MoveToNextToken())
            {
                Use(MetadataTokens.EntityHandle(instructions.Token));
            }
        }

        return _fields;
    }

    private void Use(EntityHandle used)
    {
        switch (used.Kind)
        {
            case HandleKind.FieldDefinition:
                UseField((FieldDefinitionHandle)used);
                break;
            case HandleKind.MethodDefinition:
                UseMethod((MethodDefinitionHandle)used);
                break;
            case HandleKind.MethodSpecification:
                Use(_metadata.GetMethodSpecification((MethodSpecificationHandle)used).Method);
                break;
            case HandleKind.MemberReference:
                UseMember(_metadata.GetMemberReference((MemberReferenceHandle)used));
                break;
        }
    }

    private void UseField(FieldDefinitionHandle handle)
    {
        var field = _metadata.GetFieldDefinition(handle);
        var declaring = field.GetDeclaringType();
        if (!IsClosure(declaring))
        {
            UseType(declaring);
        }
        else if (!ClosureNames.IsCache(_metadata.GetString(field.Name)))
        {
            _fields.Add(MetadataTokens.GetToken(handle));
        }
    }

    private void UseMethod(MethodDefinitionHandle handle)
    {
        var method = _metadata.GetMethodDefinition(handle);
        var declaring = method.GetDeclaringType();
        if (IsMade(method.Name) || IsMade(_metadata.GetTypeDefinition(declaring).Name))
        {
            Follow(handle);
        }

        if (!IsClosure(declaring))
        {
            UseType(declaring);
        }
    }

    // A member of a generic type of this module; others belong to other modules.
    private void UseMember(MemberReference member)
    {
        if (DefinitionOf(member.Parent) is not { } declaring)
        {
            return;
        }

        var type = _metadata.GetTypeDefinition(declaring);
        if (member.GetKind() == MemberReferenceKind.Field)
        {
            foreach (var field in type.GetFields())
            {
                if (SameName(_metadata.GetFieldDefinition(field).Name, member.Name))
                {
                    UseField(field);
                }
            }
        }
        else
        {
            // Overloads differ in what a signature says; in made code there are none, and elsewhere a method too many costs nothing.
            foreach (var method in type.GetMethods())
            {
                if (SameName(_metadata.GetMethodDefinition(method).Name, member.Name))
                {
                    UseMethod(method);
                }
            }
        }
    }

    // What runs in a state machine is reached through interfaces and the runtime: all of its methods count.
    private void UseType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        if (!IsMade(type.Name) || IsHolder(type.Name) || !_seenTypes.Add(handle))
        {
            return;
        }

        foreach (var method in type.GetMethods())
        {
            Follow(method);
        }
    }

    private void Follow(MethodDefinitionHandle method)
    {
        if (_seen.Add(method))
        {
            _pending.Enqueue(method);
        }
    }

    private TypeDefinitionHandle? DefinitionOf(EntityHandle type)
    {
        switch (type.Kind)
        {
            case HandleKind.TypeDefinition:
                return (TypeDefinitionHandle)type;
            case HandleKind.TypeSpecification:
                var signature = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
                if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                {
                    return null;
                }

                signature.ReadCompressedInteger();
                return signature.ReadTypeHandle() is { Kind: HandleKind.TypeDefinition } definition
                    ? (TypeDefinitionHandle)definition
                    : null;
            default:
                return null;
        }
    }

    private bool IsClosure(TypeDefinitionHandle type) =>
        ClosureNames.IsClosure(_metadata.GetString(_metadata.GetTypeDefinition(type).Name));

    private bool IsMade(StringHandle name) => ClosureNames.IsMade(_metadata.GetString(name));

    // Where lambdas without captured variables live, all those of a class together, and the compiler's constants and helpers.
    private bool IsHolder(StringHandle name) =>
        _metadata.GetString(name) is var text
        && (
            text == "<>c"
            || text.StartsWith("<>c__", StringComparison.Ordinal)
            || text.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal)
        );

    private bool SameName(StringHandle name, StringHandle other) =>
        name == other || _metadata.StringComparer.Equals(name, _metadata.GetString(other));
}
