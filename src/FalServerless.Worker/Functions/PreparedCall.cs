using System.Buffers;
using FalServerless.Serialization.Values;

namespace FalServerless.Worker.Functions;

/// <summary>A call whose arguments are read, so that every error from here on is the body's own.</summary>
internal readonly struct PreparedCall(CompiledFunction function, object?[] arguments, ValueSerializer values)
{
    /// <summary>Whether what the body returns is a stream of <see cref="Items"/>.</summary>
    public bool IsStream => function.Shape.IsStream;

    /// <summary>Runs the body to its end, or to where it waits for something.</summary>
    public ValueTask<object?> InvokeAsync() => function.Shape.AwaitAsync(function.Body(arguments));

    public IAsyncEnumerable<object?> Items(object stream) => function.Shape.Items(stream);

    public void WriteItem(IBufferWriter<byte> output, object? item) => values.Write(output, function.Shape.Value, item);

    /// <summary>Writes the result by its declared type; nothing for a body without one, and behind the last item of a stream.</summary>
    public void WriteResult(IBufferWriter<byte> output, object? value)
    {
        if (function.Shape is { IsStream: false, Value: var type } && type != typeof(void))
        {
            values.Write(output, type, value);
        }
    }
}
