using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture.Fields;

/// <summary>
/// What the tokens in a method's instructions refer to. Where the file's tables suffice, nothing is loaded: packages that the program
/// compiles against may not be here.
/// </summary>
internal sealed class CodeTokens(MethodBase method)
{
    private readonly MetadataReader _metadata = ModuleCode.Of(method.Module).Metadata;

    /// <summary>The arguments that a call takes, the object included, and whether it gives a value.</summary>
    /// <exception cref="EscapeException">It takes arguments that no table lists.</exception>
    public (int Arguments, bool ReturnsValue) ShapeOf(int token)
    {
        var handle = MetadataTokens.EntityHandle(token);
        var signature = _metadata.GetBlobReader(
            handle.Kind switch
            {
                HandleKind.MethodDefinition => _metadata.GetMethodDefinition((MethodDefinitionHandle)handle).Signature,
                HandleKind.MemberReference => _metadata.GetMemberReference((MemberReferenceHandle)handle).Signature,
                HandleKind.MethodSpecification => SignatureOf(_metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method),
                _ => throw new EscapeException("has a call that cannot be read"),
            }
        );
        var header = signature.ReadSignatureHeader();
        if (header.CallingConvention != SignatureCallingConvention.Default || header.HasExplicitThis)
        {
            throw new EscapeException("calls a method with a varying number of arguments");
        }

        if (header.IsGeneric)
        {
            signature.ReadCompressedInteger();
        }

        var parameters = signature.ReadCompressedInteger();
        return (parameters + (header.IsInstance ? 1 : 0), ReturnTypeOf(ref signature) != SignatureTypeCode.Void);
    }

    /// <summary>What a field of a closure or state machine holds.</summary>
    /// <exception cref="EscapeException">It is a field of something else.</exception>
    public Taint HeldBy(int token) =>
        DefinitionOfField(MetadataTokens.EntityHandle(token)) is { } field
        && IsHolder(_metadata.GetFieldDefinition(field).GetDeclaringType())
            ? HeldBy(field)
            : throw new EscapeException("uses it, or what holds it, in a way that is not known");

    /// <summary>Whether a constructor makes a closure or state machine that may come to hold the object.</summary>
    public bool MakesHolder(int token)
    {
        var handle = MetadataTokens.EntityHandle(token);
        var declaring = handle.Kind switch
        {
            HandleKind.MethodDefinition => _metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType(),
            HandleKind.MemberReference => DefinitionOf(_metadata.GetMemberReference((MemberReferenceHandle)handle).Parent),
            _ => null,
        };
        return declaring is { } type
            && _metadata.GetTypeDefinition(type).GetFields().Any(field => HeldBy(field) is Taint.This or Taint.Holder);
    }

    /// <summary>The field of the object that an instruction names.</summary>
    public (Module Module, int Token) Field(int token)
    {
        if (MetadataTokens.EntityHandle(token).Kind == HandleKind.FieldDefinition)
        {
            return (method.Module, token);
        }

        var field =
            method.Module.ResolveField(token, TypeArguments, MethodArguments)
            ?? throw new EscapeException("uses a field that cannot be found");
        return (field.Module, field.MetadataToken);
    }

    /// <summary>The method that an instruction names.</summary>
    public MethodBase Method(int token) =>
        method.Module.ResolveMethod(token, TypeArguments, MethodArguments)
        ?? throw new EscapeException("calls a method that cannot be found");

    private Type[]? TypeArguments => method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;

    private Type[]? MethodArguments => method.IsGenericMethod ? method.GetGenericArguments() : null;

    private static SignatureTypeCode ReturnTypeOf(ref BlobReader signature)
    {
        var code = signature.ReadSignatureTypeCode();
        while (code is SignatureTypeCode.RequiredModifier or SignatureTypeCode.OptionalModifier)
        {
            signature.ReadTypeHandle();
            code = signature.ReadSignatureTypeCode();
        }

        return code;
    }

    private BlobHandle SignatureOf(EntityHandle called) =>
        called.Kind == HandleKind.MethodDefinition
            ? _metadata.GetMethodDefinition((MethodDefinitionHandle)called).Signature
            : _metadata.GetMemberReference((MemberReferenceHandle)called).Signature;

    private Taint HeldBy(FieldDefinitionHandle handle)
    {
        var field = _metadata.GetFieldDefinition(handle);
        if (!IsHolder(field.GetDeclaringType()))
        {
            return Taint.None;
        }

        var name = _metadata.GetString(field.Name);
        return TypeOf(field) is { } type && IsHolder(type) ? Taint.Holder
            : ClosureNames.IsThis(name) ? Taint.This
            : ClosureNames.IsCache(name) ? Taint.Delegate
            : Taint.None;
    }

    private bool IsHolder(TypeDefinitionHandle type) => ClosureNames.IsHolder(_metadata.GetString(_metadata.GetTypeDefinition(type).Name));

    private TypeDefinitionHandle? TypeOf(FieldDefinition field)
    {
        var signature = _metadata.GetBlobReader(field.Signature);
        signature.ReadSignatureHeader();
        return ReadDefinition(ref signature);
    }

    private FieldDefinitionHandle? DefinitionOfField(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.FieldDefinition)
        {
            return (FieldDefinitionHandle)handle;
        }

        var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
        if (DefinitionOf(member.Parent) is not { } type)
        {
            return null;
        }

        var name = _metadata.GetString(member.Name);
        foreach (var field in _metadata.GetTypeDefinition(type).GetFields())
        {
            if (_metadata.StringComparer.Equals(_metadata.GetFieldDefinition(field).Name, name))
            {
                return field;
            }
        }

        return null;
    }

    private TypeDefinitionHandle? DefinitionOf(EntityHandle type)
    {
        if (type.Kind != HandleKind.TypeSpecification)
        {
            return type.Kind == HandleKind.TypeDefinition ? (TypeDefinitionHandle)type : null;
        }

        var signature = _metadata.GetBlobReader(_metadata.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
        return ReadDefinition(ref signature);
    }

    // A type of this module, or what a generic one of it is made of; null for others.
    private static TypeDefinitionHandle? ReadDefinition(ref BlobReader signature)
    {
        var code = signature.ReadSignatureTypeCode();
        if (code == SignatureTypeCode.GenericTypeInstance)
        {
            code = signature.ReadSignatureTypeCode();
        }

        return code == SignatureTypeCode.TypeHandle && signature.ReadTypeHandle() is { Kind: HandleKind.TypeDefinition } definition
            ? (TypeDefinitionHandle)definition
            : null;
    }
}
