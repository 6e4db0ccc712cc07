using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Reflection;
using System.Text.RegularExpressions;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

/// <summary>Every public collection of the framework in a slot that takes anything.</summary>
public class CollectionSweepTests
{
    private static readonly Type[] Arguments = [typeof(int), typeof(string), typeof(object)];

    [Fact]
    public void ACollectionArrivesAsItsOwnTypeOrIsRefusedByName()
    {
        var (sent, refused, wrong) = (new List<Type>(), new List<Type>(), new List<string>());
        foreach (var collection in Collections())
        {
            try
            {
                var there = Travel.RoundTrip<object>(collection);
                if (there.GetType() != collection.GetType() || Items(there) != Items(collection))
                {
                    wrong.Add($"{collection.GetType()} arrived as {there.GetType()} with {Items(there)}");
                }

                sent.Add(collection.GetType());
            }
            catch (NotSendableException e)
            {
                refused.Add(collection.GetType());
                if (e.Type != collection.GetType() || e.Suggestion.Length == 0)
                {
                    wrong.Add($"{collection.GetType()} was refused as {e.Type}: {e.Message}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(sent.Count, 50, 500);
        Assert.InRange(refused.Count, 50, 500);
        TestContext.Current.SendDiagnosticMessage("sent:\n{0}\n\nrefused:\n{1}", string.Join("\n", sent), string.Join("\n", refused));
    }

    [Fact]
    public void ViewsOfADictionaryArriveAsAListOnlyWhereItemsAreAllThatIsAskedFor()
    {
        var keys = new Dictionary<string, int> { ["a"] = 1 }.Keys;
        Assert.Equal(["a"], Travel.RoundTrip<IEnumerable<string>>(keys));
        Assert.Equal(["a"], Travel.RoundTrip<ICollection<string>>(keys));
        Assert.Equal(["a"], Travel.RoundTrip<IEnumerable>(keys).Cast<string>());
        Assert.Contains(
            "List<T>",
            Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(keys)).Suggestion,
            StringComparison.Ordinal
        );
        Assert.Equal("[1]", Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(new object[] { 1, keys })).Path);
    }

    [Fact]
    public void AHiddenKindOfAPublicCollectionIsRefusedByName()
    {
        var view = new SortedSet<int> { 1, 2, 3 }.GetViewBetween(1, 2);
        Assert.Contains(
            "List<T>",
            Assert.Throws<NotSendableException>(() => Travel.Bytes<object>(view)).Suggestion,
            StringComparison.Ordinal
        );
        Assert.Equal([1, 2], Travel.RoundTrip<IEnumerable<int>>(view));
    }

    private static IEnumerable<object> Collections() =>
        Directory
            .EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
            .Order(StringComparer.Ordinal)
            .SelectMany(Exported)
            .Where(type => type.IsAssignableTo(typeof(IEnumerable)) && !type.IsAbstract && !type.IsByRefLike)
            .Distinct()
            .SelectMany(Closed)
            .SelectMany(Made)
            .Concat(MadeByOthers());

    // Those that no constructor gives.
    private static IEnumerable<object> MadeByOthers()
    {
        var (list, set, sorted) = (ImmutableList.Create(1, 2), ImmutableHashSet.Create(1, 2), ImmutableSortedSet.Create(1, 2));
        var (map, sortedMap) = (
            ImmutableDictionary<string, int>.Empty.Add("a", 1),
            ImmutableSortedDictionary<string, int>.Empty.Add("a", 1)
        );
        return
        [
            list,
            set,
            sorted,
            map,
            sortedMap,
            ImmutableQueue.Create(1, 2),
            ImmutableStack.Create(1, 2),
            ImmutableArray.Create(1, 2),
            new[] { 1, 2 }.ToFrozenSet(),
            map.ToFrozenDictionary(),
            list.ToBuilder(),
            set.ToBuilder(),
            sorted.ToBuilder(),
            map.ToBuilder(),
            sortedMap.ToBuilder(),
            ImmutableArray.CreateBuilder<int>(),
            new PriorityQueue<int, int>([(1, 2)]).UnorderedItems,
            new[] { 1, 2 }.AsParallel().OrderBy(n => n),
            new HttpRequestMessage().Headers,
            new HttpRequestMessage().Headers.Accept,
            new FileSystemEnumerable<string>("/", (ref entry) => entry.FileName.ToString()),
            new[] { 1, 2 }.ToLookup(n => n),
            Regex.Matches("ab", "."),
            Regex.Match("a", "(.)").Groups,
        ];
    }

    private static IEnumerable<Type> Exported(string file)
    {
        try
        {
            return Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetExportedTypes();
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return [];
        }
    }

    private static IEnumerable<Type> Closed(Type type)
    {
        if (!type.IsGenericTypeDefinition)
        {
            return [type];
        }

        foreach (var argument in Arguments)
        {
            try
            {
                return [type.MakeGenericType([.. type.GetGenericArguments().Select(_ => argument)])];
            }
            catch (ArgumentException) { }
        }

        return [];
    }

    // An empty one by its own constructor, one with items, and the views that it gives of itself.
    private static IEnumerable<object> Made(Type type)
    {
        if (Attempt(() => Activator.CreateInstance(type)) is not { } made)
        {
            if (Attempt(() => Over(type)) is { } over)
            {
                yield return over;
            }

            yield break;
        }

        yield return made;
        if (Attempt(() => Fill(Activator.CreateInstance(type)!)) is not { } filled)
        {
            yield break;
        }

        yield return filled;
        foreach (
            var property in type.GetProperties()
                .Where(property => property.GetIndexParameters().Length == 0 && property.Name is not "SyncRoot")
        )
        {
            if (
                Attempt(() => property.GetValue(filled)) is IEnumerable view and not string
                && view.GetType() is { IsVisible: true, IsAbstract: false }
            )
            {
                yield return view;
            }
        }
    }

    // A wrapper, around the plainest thing that it takes.
    private static object Over(Type type)
    {
        foreach (var constructor in type.GetConstructors().Where(constructor => constructor.GetParameters().Length == 1))
        {
            var parameter = constructor.GetParameters()[0].ParameterType;
            var inner =
                parameter.IsInterface && parameter.IsConstructedGenericType
                    ? new[] { typeof(List<>), typeof(HashSet<>), typeof(Dictionary<,>) }
                        .Where(plain =>
                            plain.GetGenericArguments().Length == parameter.GetGenericArguments().Length || plain == typeof(Dictionary<,>)
                        )
                        .Select(plain => Attempt(() => plain.MakeGenericType(parameter.GetGenericArguments())))
                        .FirstOrDefault(plain => plain?.IsAssignableTo(parameter) == true)
                    : parameter;
            if (inner is not null && Attempt(() => constructor.Invoke([Activator.CreateInstance(inner)])) is { } over)
            {
                return over;
            }
        }

        throw new MissingMethodException(type.Name, ".ctor");
    }

    private static object? Fill(object collection)
    {
        var adding = collection
            .GetType()
            .GetMethods()
            .Where(method =>
                method.Name is "Add" or "Enqueue" or "Push" or "AddLast" or "TryAdd"
                && method.GetParameters().All(parameter => Sample(parameter.ParameterType) is not null)
            )
            .MinBy(method => method.GetParameters().Length);
        adding?.Invoke(collection, [.. adding.GetParameters().Select(parameter => Sample(parameter.ParameterType))]);
        return adding is null ? null : collection;
    }

    private static object? Sample(Type type) =>
        type == typeof(int) ? 7
        : type == typeof(string) || type == typeof(object) ? "a"
        : type == typeof(bool) ? true
        : null;

    private static T? Attempt<T>(Func<T?> make)
        where T : class
    {
        try
        {
            return make();
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static string Items(object collection)
    {
        try
        {
            return string.Join(",", ((IEnumerable)collection).Cast<object?>().Select(Item));
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException)
        {
            // An ImmutableArray that holds nothing cannot be read, here as there.
            return e.GetType().Name;
        }
    }

    private static string Item(object? item) => item is DictionaryEntry entry ? $"{entry.Key}={entry.Value}" : $"{item}";
}
