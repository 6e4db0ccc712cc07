using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Methods;

/// <summary>
/// The code of a module as its file has it. What it names is looked up in the file's tables, never by reflection: that would load
/// assemblies which the program compiles against, but may not have.
/// </summary>
internal sealed class ModuleCode
{
    private static readonly ConditionalWeakTable<Module, ModuleCode> Known = [];

    private readonly ConcurrentDictionary<int, HashSet<int>> _uses = new();
    private readonly PEReader _image;

    private ModuleCode(string path)
    {
        _image = new(File.OpenRead(path));
        Metadata = _image.GetMetadataReader();
    }

    public MetadataReader Metadata { get; }

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="BadImageFormatException">It is no assembly.</exception>
    public static ModuleCode Of(Module module) => Known.GetValue(module, static module => new(module.Assembly.Location));

    /// <summary>The identity of the file's content, which a rebuild under a running program changes.</summary>
    public Guid Version => Metadata.GetGuid(Metadata.GetModuleDefinition().Mvid);

    /// <summary>
    /// The tokens of the closure fields that a method uses, itself or through other code that a compiler made of its source.
    /// </summary>
    public IReadOnlySet<int> FieldsUsedBy(int methodToken) =>
        _uses.GetOrAdd(
            methodToken,
            static (token, module) => new ClosureScan(module).Of(MetadataTokens.MethodDefinitionHandle(token)),
            this
        );

    /// <summary>The body of a method; null where it has none.</summary>
    public MethodBodyBlock? BodyOf(MethodDefinitionHandle method) =>
        Metadata.GetMethodDefinition(method).RelativeVirtualAddress is not 0 and var address ? _image.GetMethodBody(address) : null;

    /// <summary>The instructions; none where the method has no body.</summary>
    public ReadOnlySpan<byte> InstructionsOf(MethodDefinitionHandle method)
    {
        var address = Metadata.GetMethodDefinition(method).RelativeVirtualAddress;
        if (address == 0)
        {
            return [];
        }

        var il = _image.GetMethodBody(address).GetILReader();
        unsafe
        {
            // The memory belongs to the image, which lives as long as this object.
            return new(il.CurrentPointer, il.Length);
        }
    }
}
