using System.Buffers;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>Everyday types of the core library, by the names of the types.</summary>
internal static class SystemFormatters
{
    public static ValueFormatter DBNull(FormatterResolver formatters) =>
        Surrogates.Class<DBNull, bool>(formatters, _ => true, _ => System.DBNull.Value);

    public static ValueFormatter EventArgs(FormatterResolver formatters) =>
        Surrogates.Class<EventArgs, bool>(
            formatters,
            args => args == System.EventArgs.Empty,
            isEmpty => isEmpty ? System.EventArgs.Empty : new()
        );

    public static ValueFormatter FormattableString(FormatterResolver formatters) =>
        Surrogates.Class<FormattableString, (string, object?[])>(
            formatters,
            text => (text.Format, text.GetArguments()),
            parts => FormattableStringFactory.Create(parts.Item1, parts.Item2)
        );

    public static ValueFormatter OperatingSystem(FormatterResolver formatters) =>
        Surrogates.Class<OperatingSystem, (PlatformID, Version)>(
            formatters,
            system => (system.Platform, system.Version),
            parts => new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter UriBuilder(FormatterResolver formatters) =>
        Surrogates.Class<UriBuilder, (string, string, string, string, int, string, string, string)>(
            formatters,
            uri => (uri.Scheme, uri.UserName, uri.Password, uri.Host, uri.Port, uri.Path, uri.Query, uri.Fragment),
            parts =>
                new()
                {
                    Scheme = parts.Item1,
                    UserName = parts.Item2,
                    Password = parts.Item3,
                    Host = parts.Item4,
                    Port = parts.Item5,
                    Path = parts.Item6,
                    Query = parts.Item7,
                    Fragment = parts.Item8,
                }
        );

    // The system's clock is the only one that a public name leads to; one of a user's own is an object like any other.
    public static ValueFormatter TimeProvider(FormatterResolver formatters) =>
        Surrogates.Class<TimeProvider, bool>(
            formatters,
            clock =>
                clock == System.TimeProvider.System
                    ? true
                    : throw Surrogates.Refuse(
                        clock,
                        "it is a clock that is hidden in the framework",
                        "Use TimeProvider.System, or a clock of your own"
                    ),
            _ => System.TimeProvider.System
        );

    public static ValueFormatter ConsoleKeyInfo(FormatterResolver formatters) =>
        Surrogates.Struct<ConsoleKeyInfo, (char, ConsoleKey, ConsoleModifiers)>(
            formatters,
            key => (key.KeyChar, key.Key, key.Modifiers),
            parts =>
                new(
                    parts.Item1,
                    parts.Item2,
                    parts.Item3.HasFlag(ConsoleModifiers.Shift),
                    parts.Item3.HasFlag(ConsoleModifiers.Alt),
                    parts.Item3.HasFlag(ConsoleModifiers.Control)
                )
        );

    public static ValueFormatter StandardFormat(FormatterResolver formatters) =>
        Surrogates.Struct<StandardFormat, (char, byte)>(
            formatters,
            format => (format.Symbol, format.Precision),
            parts => new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter ReadOnlySequence<T>(FormatterResolver formatters) =>
        Surrogates.Struct<ReadOnlySequence<T>, T[]>(formatters, sequence => sequence.ToArray(), items => new(items));

    public static ValueFormatter ArrayBufferWriter<T>(FormatterResolver formatters) =>
        Surrogates.Class<ArrayBufferWriter<T>, T[]>(
            formatters,
            buffer => buffer.WrittenSpan.ToArray(),
            items =>
            {
                var buffer = new ArrayBufferWriter<T>();
                buffer.Write(items);
                return buffer;
            }
        );
}
