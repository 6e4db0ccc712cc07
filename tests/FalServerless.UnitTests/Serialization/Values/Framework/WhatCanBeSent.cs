using System.Text;
using FalServerless.Serialization.Values;

namespace FalServerless.UnitTests.Serialization.Values.Framework;

/// <summary>
/// The page of what can be sent, as the library itself decides: every public type of the framework that everyday code touches.
/// </summary>
internal static class WhatCanBeSent
{
    private static readonly string[] Namespaces =
    [
        "System",
        "System.Buffers",
        "System.Collections",
        "System.Collections.Concurrent",
        "System.Collections.Frozen",
        "System.Collections.Generic",
        "System.Collections.Immutable",
        "System.Collections.ObjectModel",
        "System.Collections.Specialized",
        "System.Data",
        "System.Data.SqlTypes",
        "System.Drawing",
        "System.Dynamic",
        "System.Globalization",
        "System.IO",
        "System.Linq",
        "System.Net",
        "System.Net.Http",
        "System.Net.Http.Headers",
        "System.Net.Mail",
        "System.Net.Mime",
        "System.Net.NetworkInformation",
        "System.Numerics",
        "System.Text",
        "System.Text.Json",
        "System.Text.Json.Nodes",
        "System.Text.RegularExpressions",
        "System.Threading",
        "System.Xml",
        "System.Xml.Linq",
    ];

    private static readonly Type[] Arguments =
    [
        typeof(int),
        typeof(string),
        typeof(object),
        typeof(DayOfWeek),
        typeof(List<int>),
        typeof(int[]),
    ];

    public static string Page()
    {
        var verdicts = Types().Select(type => (Type: type, Verdict: Verdict(type))).ToArray();
        var page = new StringBuilder();
        page.Append(
            $"""
            # What can be sent

            Which of .NET's own types can be captured, be an input, or be a result. Your own classes are sent by their fields, whatever is
            in this list. The library wrote this page: run the tests with `FAL_WRITE_DOCS=1` to write it again; without that, they compare
            it.

            | | types |
            | --- | ---: |
            | sent as itself | {Count("sent")} |
            | sent to a worker only, as code does not come back | {Count("sent to a worker only")} |
            | sent as a fresh one: it arrives as a new object that nobody holds | {Count("sent as a fresh one")} |
            | as what the value is: interfaces and base classes | {Count("as what the value is")} |
            | refused, in words | {Count("refused")} |

            **Fresh ones.** What keeps threads apart or has them wait arrives as a new object: free, whoever holds it here, and with the
            counts that it has here. So does an object of the type `object` itself, the gate of a `lock`. Two fields that hold one gate hold
            one gate there too; code there and code here never wait for each other. An object that a `static readonly object` field holds (a
            mark for "no value", say) arrives as the object of that field if an object or a lambda of the field's class, or of one inside
            it, leads to it; as an input or a result by itself it arrives as a new one.

            **Lazy values.** A `Lazy<T>` arrives with its value where that has been made. Where not, a worker gets the code that makes it,
            with what that captures; nothing without a value comes back from a worker.

            **Sequences.** A lazy sequence (a LINQ query, a method with `yield`) is never run here to be sent; what a worker returns is run
            there, and arrives as a list. A collection in a slot of type `object` arrives as its own type or is refused.

            **Handlers of events** stay here: an `ObservableCollection<T>` or a `DataTable` arrives without those of this process, an
            `XElement` without its annotations too. An `ExpandoObject` that has some is refused, and so is a table with a row whose edit has
            not ended.


            """
        );
        foreach (var group in verdicts.GroupBy(it => it.Type.Namespace!))
        {
            page.Append($"## {group.Key}\n\n| | types |\n| --- | --- |\n");
            foreach (
                var row in group.GroupBy(it => it.Verdict).OrderBy(row => Rank(row.Key)).ThenBy(row => row.Key, StringComparer.Ordinal)
            )
            {
                page.Append($"| {row.Key} | {string.Join(", ", row.Select(it => Name(it.Type)).Order(StringComparer.Ordinal))} |\n");
            }

            page.Append('\n');
        }

        return page.ToString().TrimEnd() + "\n";

        int Count(string start) =>
            verdicts.Count(it => it.Verdict == start || it.Verdict.StartsWith(start + ":", StringComparison.Ordinal));
    }

    public static IEnumerable<Type> Types() =>
        Directory
            .EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
            .Order(StringComparer.Ordinal)
            .SelectMany(Exported)
            .Where(type => Namespaces.Contains(type.Namespace) && !(type.IsAbstract && type.IsSealed) && IsPublic(type))
            .OrderBy(type => type.Namespace, StringComparer.Ordinal)
            .ThenBy(Name, StringComparer.Ordinal)
            .DistinctBy(type => (type.Namespace, Name(type)));

    public static string Verdict(Type type)
    {
        if (type.IsByRefLike || Close(type) is not { } closed)
        {
            return type.IsByRefLike
                ? "refused: it lives on the stack of this process. Pass an array or Memory<T> instead"
                : "refused: it takes type arguments that only code has";
        }

        try
        {
            ValueFormatter formatter = new FormatterResolver().For(closed);
            return formatter is IRefusedFormatter refused ? Refused(refused.Refusal.Reason, refused.Refusal.Suggestion)
                : formatter is IFreshFormatter ? "sent as a fresh one"
                : formatter.GetType().Name.StartsWith("PolymorphicFormatter", StringComparison.Ordinal)
                && type != typeof(System.Text.Json.Nodes.JsonNode)
                    ? "as what the value is"
                : type.IsAssignableTo(typeof(Delegate)) ? "sent to a worker only"
                : "sent";
        }
        catch (NotSendableException e)
        {
            return Refused(e.Reason, e.Suggestion);
        }
    }

    // A reason that names its type would have a row for each.
    private static string Refused(string reason, string suggestion) =>
        reason.Contains("type of the framework with no form", StringComparison.Ordinal)
            ? $"refused: it has no form outside its process that is known here. {suggestion}"
            : $"refused: {reason}. {suggestion}";

    private static IEnumerable<Type> Exported(string file)
    {
        try
        {
            return System.Reflection.Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetExportedTypes();
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return [];
        }
    }

    private static bool IsPublic(Type type) => type.IsPublic || (type.IsNestedPublic && IsPublic(type.DeclaringType!));

    private static Type? Close(Type type)
    {
        if (!type.IsGenericTypeDefinition)
        {
            return type;
        }

        var count = type.GetGenericArguments().Length;
        foreach (var argument in Arguments)
        {
            foreach (var others in Arguments)
            {
                try
                {
                    return type.MakeGenericType([argument, .. Enumerable.Repeat(others, count - 1)]);
                }
                catch (Exception e) when (e is ArgumentException or TypeLoadException) { }
            }
        }

        return null;
    }

    private static int Rank(string verdict) =>
        verdict switch
        {
            "sent" => 0,
            "sent to a worker only" => 1,
            "sent as a fresh one" => 2,
            "as what the value is" => 3,
            _ => 4,
        };

    private static string Name(Type type)
    {
        var name = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        var tick = name.LastIndexOf('`');
        return tick < 0
            ? name
            : $"{name[..tick]}<{new string(',', int.Parse(name[(tick + 1)..], System.Globalization.CultureInfo.InvariantCulture) - 1)}>";
    }
}
