using System.Text;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>A StringBuilder as its text. It can be changed, so it keeps its identity.</summary>
internal sealed class TextBuilderFormatter : ReferenceFormatter<StringBuilder>
{
    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session) =>
        StringCodec.Write(ref writer, value.ToString());

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot) =>
        new StringBuilder(StringCodec.Read(ref reader));
}
