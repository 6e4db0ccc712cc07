using System.Buffers;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Tests.Shared.Values;

/// <summary>A value's way to another process and back, for short.</summary>
internal static class Travel
{
    /// <summary>So many that the first go by reflection and the last by measured field offsets.</summary>
    public const int Rounds = 200;

    public static ValueSerializer Serializer { get; } = new(TypeNames.OfThisProcess);

    public static byte[] Bytes<T>(T value) => Bytes(typeof(T), value);

    public static byte[] Bytes(Type declared, object? value)
    {
        var output = new ArrayBufferWriter<byte>();
        Serializer.Write(output, declared, value);
        return output.WrittenSpan.ToArray();
    }

    public static T RoundTrip<T>(T value) => (T)RoundTrip(typeof(T), value)!;

    public static object? RoundTrip(Type declared, object? value) => Read(Bytes(declared, value), declared);

    public static T Read<T>(byte[] bytes) => (T)Read(bytes, typeof(T))!;

    public static object? Read(byte[] bytes, Type declared) => Serializer.Read(new ReadOnlySequence<byte>(bytes), declared);

    /// <summary>As itself and as an object, several times.</summary>
    public static void Equal<T>(T value)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(value, RoundTrip(value));
            Assert.Equal((object?)value, RoundTrip<object?>(value));
        }
    }
}
