using System.Buffers;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Methods;

/// <summary>
/// A method as bytes that depend on nothing around them: <c>[assembly, module version, token, type arguments | nil, method arguments |
/// nil]</c>, or <c>[member]</c> by its name and signature where the other side may have another patch of the assembly.
/// </summary>
internal static class MethodCodec
{
    private const int PartsByToken = 5;
    private const int MethodTable = 0x06;
    private const int MaximumArguments = 1024;

    // Far more than one function names; a message that names more than these is read all the same.
    private const int MaximumKept = 4096;

    private static readonly ConditionalWeakTable<MethodInfo, byte[]> Encoded = [];
    private static readonly ConditionalWeakTable<TypeNames, ConcurrentDictionary<string, MethodInfo>> Decoded = [];

    /// <summary>The bytes of a method that can be sent.</summary>
    /// <exception cref="ArgumentException">A type argument has no name that another process could resolve.</exception>
    public static byte[] Encode(MethodInfo method) => Encoded.GetValue(method, Write);

    /// <exception cref="ProtocolException">The bytes are not a method, or this side does not have it.</exception>
    public static MethodInfo Decode(in ReadOnlySequence<byte> bytes, TypeNames names)
    {
        var known = Decoded.GetValue(names, static _ => new());
        var key = Convert.ToBase64String(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray());
        if (!known.TryGetValue(key, out var method))
        {
            method = Resolve(bytes, names);
            if (known.Count < MaximumKept)
            {
                known.TryAdd(key, method);
            }
        }

        return method;
    }

    private static byte[] Write(MethodInfo method)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        var types = new TypeWriter();
        if (MethodPortability.IsShared(method))
        {
            writer.WriteArrayHeader(1);
            new MemberWriter(types).Write(ref writer, method);
        }
        else
        {
            Span<byte> version = stackalloc byte[16];
            method.Module.ModuleVersionId.TryWriteBytes(version);
            writer.WriteArrayHeader(PartsByToken);
            writer.Write(method.Module.Assembly.GetName().Name);
            writer.Write(version);
            writer.Write(method.MetadataToken);
            WriteArguments(ref writer, types, method.DeclaringType!.GetGenericArguments());
            WriteArguments(ref writer, types, method.GetGenericArguments());
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteArguments(ref MessagePackWriter writer, TypeWriter types, Type[] arguments)
    {
        if (arguments.Length == 0)
        {
            writer.WriteNil();
            return;
        }

        writer.WriteArrayHeader(arguments.Length);
        foreach (var argument in arguments)
        {
            types.Write(ref writer, argument);
        }
    }

    private static MethodInfo Resolve(in ReadOnlySequence<byte> bytes, TypeNames names)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            var types = new TypeReader(names);
            var method = reader.ReadArrayHeader() switch
            {
                1 => new MemberReader(types, names).Read<MethodInfo>(ref reader),
                PartsByToken => ReadByToken(ref reader, types, names),
                var parts => throw new ProtocolException($"A method has 1 or {PartsByToken} parts, not {parts}."),
            };
            return !reader.End ? throw new ProtocolException($"{reader.Remaining} bytes follow a method's end.")
                : method.ContainsGenericParameters ? throw new ProtocolException($"The method '{method}' lacks type arguments.")
                : method;
        }
        catch (Exception e) when (e is not ProtocolException)
        {
            // Only tables of assemblies are looked up above: whatever they refuse, the message is to blame.
            throw new ProtocolException($"The message names a method that cannot be: {e.Message}", e);
        }
    }

    private static MethodInfo ReadByToken(ref MessagePackReader reader, TypeReader types, TypeNames names)
    {
        var assembly = reader.ReadString() ?? throw new ProtocolException("A method's assembly is missing.");
        var version = reader.ReadBytes() is { Length: 16 } bytes
            ? new Guid(bytes.ToArray())
            : throw new ProtocolException("A method's module version takes 16 bytes.");
        var module = names.AssemblyOf(assembly).ManifestModule;
        if (module.ModuleVersionId != version)
        {
            throw new ProtocolException(
                $"The worker has another build of the assembly '{assembly}' than the one that the function was made with."
            );
        }

        var token = reader.ReadInt32();
        var definition =
            token >> 24 == MethodTable && module.ResolveMethod(token) is MethodInfo found
                ? found
                : throw new ProtocolException($"The token {token:x8} is no method of the assembly '{assembly}'.");
        var typeArguments = ReadArguments(ref reader, types);
        var methodArguments = ReadArguments(ref reader, types);
        if (typeArguments.Length > 0)
        {
            var declaring = definition.DeclaringType!.MakeGenericType(typeArguments);
            definition = (MethodInfo)MethodBase.GetMethodFromHandle(definition.MethodHandle, declaring.TypeHandle)!;
        }

        return methodArguments.Length > 0 ? definition.MakeGenericMethod(methodArguments) : definition;
    }

    private static Type[] ReadArguments(ref MessagePackReader reader, TypeReader types)
    {
        if (reader.TryReadNil())
        {
            return [];
        }

        var count = reader.ReadArrayHeader();
        if (count > MaximumArguments)
        {
            throw new ProtocolException($"A method has at most {MaximumArguments} type arguments, not {count}.");
        }

        var arguments = new Type[count];
        for (var i = 0; i < count; i++)
        {
            arguments[i] = types.Read(ref reader);
        }

        return arguments;
    }
}
