using System.Runtime.CompilerServices;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values.Framework;

public class WhatCanBeSentTests
{
    [Fact]
    public void ThePageSaysWhatTheLibraryDecides()
    {
        var path = Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "..", "..", "docs", "what-can-be-sent.md")
        );
        var page = WhatCanBeSent.Page();
        if (Environment.GetEnvironmentVariable("FAL_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.True(
            File.ReadAllText(path) == page,
            $"What can be sent has changed. Look at the change, and if it is meant, write the page again with FAL_WRITE_DOCS=1: {path}"
        );
    }

    [Fact]
    public void EachTypeThatIsSentHasASampleOrIsOfAKindThatHasOne()
    {
        var kinds = Samples.All().Select(sample => sample.GetType()).SelectMany(type => Bases(type)).ToHashSet();
        var without = WhatCanBeSent
            .Types()
            .Where(type =>
                WhatCanBeSent.Verdict(type) == "sent" && !type.IsEnum && KnownToOtherTests(type) is false && !kinds.Contains(type.FullName!)
            )
            .Select(type => type.FullName);
        Assert.Empty(without);
    }

    // The collections, scalars, tuples and exceptions have tests of their own.
    private static bool KnownToOtherTests(Type type) =>
        type.IsPrimitive
        || type.Name.Contains("Tuple", StringComparison.Ordinal)
        || type.IsAssignableTo(typeof(Exception))
        || type.Namespace
            is "System.Collections.Generic"
                or "System.Collections.Immutable"
                or "System.Collections.Concurrent"
                or "System.Collections.Frozen"
                or "System.Linq"
        || type.Name
            is "ArrayList"
                or "BitArray"
                or "Hashtable"
                or "Collection`1"
                or "ObservableCollection`1"
                or "ReadOnlyCollection`1"
                or "ReadOnlyDictionary`2"
                or "ArraySegment`1"
                or "Memory`1"
                or "ReadOnlyMemory`1"
                or "Nullable`1"
                or "String"
                or "Type"
                or "DateTime"
                or "DateTimeOffset"
                or "TimeSpan"
                or "DateOnly"
                or "TimeOnly"
                or "Decimal"
                or "Half"
                or "Int128"
                or "UInt128"
                or "Index"
                or "JsonDocument"
                or "Array";

    private static IEnumerable<string> Bases(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            yield return (level.IsConstructedGenericType ? level.GetGenericTypeDefinition() : level).FullName!;
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
