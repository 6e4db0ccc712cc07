using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using FalServerless.Serialization.Methods;

namespace FalServerless.Capture.Fields;

/// <summary>Finds what a virtual call runs on an object of a class.</summary>
internal static class Overrides
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The method; null where it is not certain.</summary>
    /// <param name="type">The class of the object.</param>
    /// <param name="called">The virtual method of the class or a base class.</param>
    public static MethodInfo? Find(Type type, MethodInfo called)
    {
        var root = Slot(called);
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (IsSame(level, called.DeclaringType!))
            {
                return called;
            }

            if (PutsAnotherInPlace(level, called.Name))
            {
                return null;
            }

            var found = level
                .GetMethods(Declared)
                .Where(method => method.IsVirtual && method.Name == called.Name && Slot(method) == root)
                .ToArray();
            if (found.Length > 0)
            {
                return found.Length == 1 ? found[0] : null;
            }
        }

        return null;
    }

    private static (Module, int) Slot(MethodInfo method) =>
        method.GetBaseDefinition() is var root ? (root.Module, root.MetadataToken) : default;

    private static bool IsSame(Type level, Type declaring) =>
        level.Module == declaring.Module && level.MetadataToken == declaring.MetadataToken;

    // A method that overrides another by a table, and not by its name: explicit interfaces, results of a derived type.
    private static bool PutsAnotherInPlace(Type level, string name)
    {
        var metadata = ModuleCode.Of(level.Module).Metadata;
        var type = metadata.GetTypeDefinition((TypeDefinitionHandle)MetadataTokens.EntityHandle(level.MetadataToken));
        foreach (var handle in type.GetMethodImplementations())
        {
            var declaration = metadata.GetMethodImplementation(handle).MethodDeclaration;
            var declared =
                declaration.Kind == HandleKind.MethodDefinition
                    ? metadata.GetMethodDefinition((MethodDefinitionHandle)declaration).Name
                    : metadata.GetMemberReference((MemberReferenceHandle)declaration).Name;
            if (metadata.StringComparer.Equals(declared, name))
            {
                return true;
            }
        }

        return false;
    }
}
