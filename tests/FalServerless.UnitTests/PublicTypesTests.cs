using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace FalServerless.UnitTests;

/// <summary>
/// What <c>PublicAPI.Unshipped.txt</c> of each project does not record of its public surface: kinds and bases of types, which overload the
/// compiler prefers, and what is protected.
/// </summary>
public class PublicTypesTests
{
    [Theory]
    [InlineData("FalServerless", "PublicTypes.txt")]
    [InlineData("FalServerless.Testing", "PublicTypes.Testing.txt")]
    public void ThePublicTypesAreAsRecorded(string assembly, string name)
    {
        var recordedPath = Path.Combine(Path.GetDirectoryName(ThisFile())!, name);
        var recorded = File.Exists(recordedPath) ? File.ReadAllLines(recordedPath) : [];
        var current = Types(Assembly.Load(assembly)).ToArray();
        string[] difference =
        [
            .. recorded.Except(current).Select(line => "- " + line),
            .. current.Except(recorded).Select(line => "+ " + line),
        ];
        if (difference.Length > 0 || !recorded.SequenceEqual(current))
        {
            var received = Path.Combine(Path.GetTempPath(), Path.ChangeExtension(name, "received.txt"));
            File.WriteAllLines(received, current);
            Assert.Fail($"The public types have changed:\n{string.Join('\n', difference)}\nIf that is meant: cp {received} {recordedPath}");
        }
    }

    private static IEnumerable<string> Types(Assembly assembly)
    {
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{Kind(type)} {Name(type)}{Bases(type)}";
            foreach (var member in Members(type).Order(StringComparer.Ordinal))
            {
                yield return $"  {member}";
            }
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var member in type.GetMembers(Declared))
        {
            switch (member)
            {
                case MethodBase { IsFamily: true } or MethodBase { IsFamilyOrAssembly: true }:
                    yield return $"protected {Signature((MethodBase)member)}";
                    break;
                case FieldInfo { IsFamily: true } or FieldInfo { IsFamilyOrAssembly: true }:
                    yield return $"protected {member.Name}";
                    break;
                case MethodInfo { IsPublic: true } method
                    when method.GetCustomAttribute<OverloadResolutionPriorityAttribute>() is { Priority: var priority }:
                    yield return $"[priority {priority}] {Signature(method)}";
                    break;
            }
        }
    }

    private static string Signature(MethodBase method) =>
        $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))})";

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string Bases(Type type)
    {
        Type?[] bases =
        [
            type.BaseType == typeof(object) || type.IsValueType ? null : type.BaseType,
            .. type.GetInterfaces().Where(one => one.IsPublic && !type.IsEnum),
        ];
        var names = bases.OfType<Type>().Select(Name).ToArray();
        return names.Length == 0 ? "" : " : " + string.Join(", ", names);
    }

    private static string Name(Type type)
    {
        if (type.HasElementType)
        {
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        }

        if (!type.IsGenericType)
        {
            return type.IsGenericParameter || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true
                ? type.Name
                : type.FullName!;
        }

        var name = new StringBuilder(type.Name.Split('`')[0]);
        return name.Append('<').AppendJoin(", ", type.GetGenericArguments().Select(Name)).Append('>').ToString();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
