using System.Buffers;
using System.Collections;
using System.Reflection;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.IntegrationTests.Serialization;

public class FrameworkExceptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryExceptionOfTheFrameworkArrivesAsItWasAndCanBePrinted()
    {
        var values = new ValueSerializer(TypeNames.OfThisProcess);
        var failures = new FailureConverter(values, TypeNames.OfThisProcess);
        var problems = new List<string>();
        var made = 0;
        foreach (var type in FrameworkExceptions.All)
        {
            if (FrameworkExceptions.Make(type) is not { } original)
            {
                continue;
            }

            made++;
            try
            {
                throw original;
            }
            catch (Exception e) when (e == original)
            {
                var output = new ArrayBufferWriter<byte>();
                failures.Write(output, e);
                problems.AddRange(Differences(e, failures.Read(new(output.WrittenMemory))));
                var value = new ArrayBufferWriter<byte>();
                values.Write(value, typeof(object), e);
                problems.AddRange(Differences(e, (Exception)values.Read(new(value.WrittenMemory), typeof(object))!));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.InRange(made, 150, int.MaxValue);
    }

    [Fact]
    public async Task EveryExceptionOfTheFrameworkThrownInAWorkerCanBePrintedHere()
    {
        var rethrown = Isolated.Create((string name) => Throw(Type.GetType(name, true)!));
        var problems = new List<string>();
        foreach (var type in FrameworkExceptions.All)
        {
            if (FrameworkExceptions.Make(type) is not { } original || original is OperationCanceledException)
            {
                continue;
            }

            try
            {
                await rethrown.InvokeAsync(type.AssemblyQualifiedName!, Token);
            }
            catch (Exception e)
            {
                problems.AddRange(Differences(original, e, withSource: false));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static int Throw(Type type) => throw FrameworkExceptions.Make(type)!;

    private static IEnumerable<string> Differences(Exception original, Exception arrived, bool withSource = true)
    {
        if (arrived.GetType() != original.GetType())
        {
            yield return $"{original.GetType()} arrived as {arrived.GetType()}";
            yield break;
        }

        foreach (
            var property in original
                .GetType()
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetIndexParameters().Length == 0)
        )
        {
            var (there, here) = (Text(property, original), Text(property, arrived));
            if (
                property.Name
                    is not nameof(Exception.TargetSite)
                        and not nameof(Exception.StackTrace)
                        and not nameof(OperationCanceledException.CancellationToken)
                && (withSource || property.Name != nameof(Exception.Source))
                && there != here
            )
            {
                yield return $"{original.GetType()}.{property.Name}: {there} arrived as {here}";
            }
            else if (here.StartsWith("threw ", StringComparison.Ordinal))
            {
                yield return $"{original.GetType()}.{property.Name}: {here}";
            }
        }

        string? printed = null;
        try
        {
            printed = arrived.ToString();
        }
        catch (Exception e)
        {
            printed = $"threw {e.GetType()}";
        }

        if (printed.StartsWith("threw ", StringComparison.Ordinal))
        {
            yield return $"{original.GetType()}.ToString() {printed}";
        }
    }

    private static string Text(PropertyInfo property, object owner)
    {
        try
        {
            return Text(property.GetValue(owner));
        }
        catch (TargetInvocationException e)
        {
            return $"threw {e.InnerException!.GetType()}: {e.InnerException.Message}";
        }
    }

    private static string Text(object? value) =>
        value switch
        {
            null => "null",
            string text => string.Concat(text.Select(c => c is > ' ' and <= '~' ? $"{c}" : $"\\{(int)c:x}")),
            Exception exception => $"{exception.GetType()}({Text(exception.Message)})",
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
            DictionaryEntry entry => $"{Text(entry.Key)}: {Text(entry.Value)}",
            _ => value.ToString() ?? "",
        };
}
