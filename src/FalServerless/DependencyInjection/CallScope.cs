using System.Collections;
using FalServerless.Hosts;

namespace FalServerless.DependencyInjection;

/// <summary>The scope of a line that a body logged, as loggers read scopes: by names, or as a text.</summary>
internal sealed class CallScope(Guid call, FunctionLabel function, LogEntry entry) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 5;

    public KeyValuePair<string, object?> this[int index] =>
        index switch
        {
            0 => new("InvocationId", call),
            1 => new("Function", function.Name),
            2 => new("MachineType", function.MachineType.Name),
            3 => new("Source", entry.Source),
            4 => new("WrittenAt", entry.Time),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() =>
        $"Invocation {call:n}{(function.Name is { Length: > 0 } name ? $" of {name}" : "")} on {function.MachineType.Name}";
}
