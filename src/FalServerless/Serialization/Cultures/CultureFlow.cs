using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using FalServerless.Wire;

namespace FalServerless.Serialization.Cultures;

/// <summary>
/// The cultures that a call has: <see cref="CultureInfo.CurrentCulture"/> and <see cref="CultureInfo.CurrentUICulture"/> of its caller, as
/// <c>[culture, UI culture]</c>. Without bytes it is the invariant one, whatever the settings of the host.
/// </summary>
internal static class CultureFlow
{
    private const int MaximumKept = 64;

    private static readonly ConcurrentDictionary<string, (CultureInfo, CultureInfo)> Known = new();

    [ThreadStatic]
    private static (CultureInfo? Culture, CultureInfo? UI, byte[]? Bytes) _last;

    /// <summary>The bytes of this flow's cultures.</summary>
    public static byte[] Write()
    {
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        if (_last.Bytes is { } known && ReferenceEquals(culture, _last.Culture) && ReferenceEquals(ui, _last.UI))
        {
            return known;
        }

        var output = new ArrayBufferWriter<byte>(32);
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        CultureCodec.Write(ref writer, culture);
        CultureCodec.Write(ref writer, ui);
        writer.Flush();
        var bytes = output.WrittenSpan.ToArray();
        if (culture.IsReadOnly && ui.IsReadOnly)
        {
            _last = (culture, ui, bytes);
        }

        return bytes;
    }

    /// <summary>Gives the current flow the cultures of these bytes.</summary>
    /// <exception cref="ProtocolException">They are not cultures, or this machine does not have one of them.</exception>
    public static void Apply(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
            return;
        }

        var (culture, ui) = Read(bytes);

        // What a body changes of a culture that may be changed is its own call's.
        CultureInfo.CurrentCulture = Own(culture);
        CultureInfo.CurrentUICulture = ReferenceEquals(culture, ui) ? CultureInfo.CurrentCulture : Own(ui);
    }

    private static CultureInfo Own(CultureInfo culture) => culture.IsReadOnly ? culture : (CultureInfo)culture.Clone();

    private static (CultureInfo, CultureInfo) Read(ReadOnlyMemory<byte> bytes)
    {
        var key = Convert.ToBase64String(bytes.Span);
        if (Known.TryGetValue(key, out var known))
        {
            return known;
        }

        var reader = new MessagePackReader(bytes);
        if (reader.ReadArrayHeader() != 2)
        {
            throw new ProtocolException("A call has two cultures.");
        }

        var cultures = (CultureCodec.Read(ref reader), CultureCodec.Read(ref reader));
        if (!reader.End)
        {
            throw new ProtocolException($"{reader.Remaining} bytes follow the cultures of a call.");
        }

        if (Known.Count < MaximumKept)
        {
            Known.TryAdd(key, cultures);
        }

        return cultures;
    }
}
