using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace FalServerless.UnitTests;

public class PublicApiTests
{
    [Theory]
    [InlineData("FalServerless", "PublicApi.txt")]
    [InlineData("FalServerless.Testing", "PublicApi.Testing.txt")]
    public void ThePublicSurfaceIsAsRecorded(string assembly, string name)
    {
        var recordedPath = Path.Combine(Path.GetDirectoryName(ThisFile())!, name);
        var recorded = File.Exists(recordedPath) ? File.ReadAllLines(recordedPath) : [];
        var current = Surface(Assembly.Load(assembly)).ToArray();
        string[] difference =
        [
            .. recorded.Except(current).Select(line => "- " + line),
            .. current.Except(recorded).Select(line => "+ " + line),
        ];
        if (difference.Length > 0 || !recorded.SequenceEqual(current))
        {
            var received = Path.Combine(Path.GetTempPath(), Path.ChangeExtension(name, "received.txt"));
            File.WriteAllLines(received, current);
            Assert.Fail(
                $"The public surface has changed:\n{string.Join('\n', difference)}\nIf that is meant: cp {received} {recordedPath}"
            );
        }
    }

    private static IEnumerable<string> Surface(Assembly assembly)
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
            var shown = member switch
            {
                ConstructorInfo constructor when IsSeen(constructor) => $"{Access(constructor)}new{Parameters(constructor)}",
                MethodInfo { IsSpecialName: false } method when IsSeen(method) && !method.IsDefined(typeof(CompilerGeneratedAttribute)) =>
                    Method(method),
                MethodInfo { IsSpecialName: true } method when IsSeen(method) && method.Name.StartsWith("op_", StringComparison.Ordinal) =>
                    Method(method),
                PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsSeen) =>
                    $"{Access(property.GetAccessors(nonPublic: true).First(IsSeen))}{Name(property.PropertyType)} {property.Name} {{ "
                        + $"{string.Join(' ', Accessors(property))} }}",
                FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily => type.IsEnum
                    ? $"{field.Name} = {field.GetRawConstantValue()}"
                    : $"{Name(field.FieldType)} {field.Name}",
                EventInfo raised => $"event {raised.Name}",
                _ => null,
            };
            if (shown is not null)
            {
                yield return shown;
            }
        }
    }

    private static string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        var priority = method.GetCustomAttribute<OverloadResolutionPriorityAttribute>() is { } attribute
            ? $"[priority {attribute.Priority}] "
            : "";
        return $"{priority}{Access(method)}{Name(method.ReturnType)} {method.Name}{generic}{Parameters(method)}";
    }

    private static IEnumerable<string> Accessors(PropertyInfo property)
    {
        if (property.GetMethod is { } get && IsSeen(get))
        {
            yield return "get;";
        }

        if (property.SetMethod is { } set && IsSeen(set))
        {
            yield return set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;";
        }
    }

    private static string Parameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    private static string Parameter(ParameterInfo parameter) =>
        $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} "
        + $"{parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")}";

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "") + (method.IsAbstract ? "abstract " : "");

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

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
