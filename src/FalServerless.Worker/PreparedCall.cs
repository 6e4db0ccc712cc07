using System.Buffers;
using FalServerless.Serialization.Values;

namespace FalServerless.Worker;

/// <summary>A call whose arguments are read, so that what goes wrong from here on is the body's own.</summary>
internal readonly struct PreparedCall(CompiledFunction function, object?[] arguments, ValueSerializer values)
{
    public object? Invoke() => function.Body(arguments);

    /// <summary>Writes the result by its declared type; nothing for a body without one.</summary>
    public void WriteResult(IBufferWriter<byte> output, object? value)
    {
        if (function.Result != typeof(void))
        {
            values.Write(output, function.Result, value);
        }
    }
}
