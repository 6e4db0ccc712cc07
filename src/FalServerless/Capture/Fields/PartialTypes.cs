using System.Reflection;
using System.Runtime.Serialization;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Capture.Fields;

/// <summary>Whether objects of a class may be sent with some fields only: where nothing but the code that was followed uses them.</summary>
internal static class PartialTypes
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Why all fields are sent, as the end of a sentence; null where some may do.</summary>
    public static string? WholeBecause(Type type)
    {
        if (
            !type.IsClass
            || !type.IsAutoLayout
            || type.IsDefined(typeof(DataContractAttribute), inherit: true)
            || type.IsAssignableTo(typeof(ISerializable))
            || SerializationContract.Find(type, new()) is not null
        )
        {
            return $"'{type.Name}' lays down itself how it is stored or sent";
        }

        for (var level = type; level != typeof(object); level = level.BaseType!)
        {
            if (!HasFileOfItsOwn(level))
            {
                return $"its base class '{level.Name}' is not part of your code";
            }

            if (Array.Exists(level.GetMethods(Declared), method => method is { Name: "Finalize", IsVirtual: true }))
            {
                return $"'{level.Name}' has a finalizer";
            }
        }

        return null;
    }

    private static bool HasFileOfItsOwn(Type level) =>
        level.Assembly is { IsDynamic: false, Location.Length: > 0 }
        && !SharedAssemblies.Contains(level.Assembly)
        && !FrameworkTypes.Contains(level)
        && !HotReload.HasChanged(level.Assembly)
        && ModuleCode.Of(level.Module).Version == level.Module.ModuleVersionId;
}
