using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A JSON object that can be changed, and so keeps its identity, as its text.</summary>
internal sealed class JsonFormatter<T>(Func<T, string> toText, Func<string, T> parse) : ReferenceFormatter<T>
    where T : class
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) =>
        StringCodec.Write(ref writer, toText((T)value));

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) => parse(StringCodec.Read(ref reader));
}
