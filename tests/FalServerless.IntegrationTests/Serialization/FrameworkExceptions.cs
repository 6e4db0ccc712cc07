using System.Reflection;
using System.Runtime.InteropServices;

namespace FalServerless.IntegrationTests.Serialization;

/// <summary>An instance of each public exception type of the framework, by whichever of its constructors works.</summary>
internal static class FrameworkExceptions
{
    private const string Text = "a message \U0001F600 \ud83d \0 \r\n\t\u0085 end";

    public static IReadOnlyList<Type> All { get; } =
    [
        .. Directory
            .GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.dll")
            .SelectMany(PublicTypes)
            .Where(type => type.IsAssignableTo(typeof(Exception)) && !type.IsAbstract)
            .Select(type => type.ContainsGenericParameters ? Closed(type) : type)
            .Distinct()
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>Null for a type that this process cannot make either.</summary>
    public static Exception? Make(Type type)
    {
        // Some take the last error of the thread for their own code.
        Marshal.SetLastPInvokeError(0);
        foreach (var constructor in type.GetConstructors().OrderByDescending(constructor => constructor.GetParameters().Length))
        {
            try
            {
                return (Exception)
                    constructor.Invoke([.. constructor.GetParameters().Select(parameter => Argument(parameter.ParameterType))]);
            }
            catch (Exception e) when (e is TargetInvocationException or ArgumentException or NotSupportedException or MemberAccessException)
            {
                // Another one, then.
            }
        }

        return null;
    }

    private static object? Argument(Type type) =>
        type == typeof(string) ? Text
        : type == typeof(Exception) ? new FormatException("inner")
        : type == typeof(Type[]) ? new[] { typeof(string), null }
        : type == typeof(Exception[]) ? new Exception?[] { new FormatException("first"), null, new TypeLoadException("third") }
        : type.IsAssignableFrom(typeof(Exception[])) ? new Exception[] { new FormatException("first"), new TypeLoadException("third") }
        : type == typeof(Type) ? typeof(int)
        : type == typeof(int) ? 7
        : type == typeof(System.Runtime.Serialization.SerializationInfo) ? throw new NotSupportedException()
        : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 0)
        : type.IsValueType ? Activator.CreateInstance(type)
        : null;

    private static IEnumerable<Type> PublicTypes(string path)
    {
        try
        {
            return Assembly.Load(AssemblyName.GetAssemblyName(path)).GetExportedTypes();
        }
        catch (Exception e) when (e is BadImageFormatException or FileNotFoundException or FileLoadException)
        {
            // A native library.
            return [];
        }
    }

    private static Type Closed(Type type) =>
        type.MakeGenericType([
            .. type.GetGenericArguments()
                .Select(argument =>
                    Array.Find(argument.GetGenericParameterConstraints(), constraint => constraint != typeof(object)) ?? typeof(int)
                ),
        ]);
}
