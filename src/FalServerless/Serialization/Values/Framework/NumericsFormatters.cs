using System.Drawing;
using System.Numerics;

namespace FalServerless.Serialization.Values;

/// <summary>Vectors and matrices of a fixed size, by their numbers.</summary>
internal static class NumericsFormatters
{
    public static ValueFormatter Vector2(FormatterResolver formatters) =>
        Surrogates.Struct<Vector2, (float, float)>(formatters, v => (v.X, v.Y), p => new(p.Item1, p.Item2));

    public static ValueFormatter Vector3(FormatterResolver formatters) =>
        Surrogates.Struct<Vector3, (float, float, float)>(formatters, v => (v.X, v.Y, v.Z), p => new(p.Item1, p.Item2, p.Item3));

    public static ValueFormatter Vector4(FormatterResolver formatters) =>
        Surrogates.Struct<Vector4, (float, float, float, float)>(
            formatters,
            v => (v.X, v.Y, v.Z, v.W),
            p => new(p.Item1, p.Item2, p.Item3, p.Item4)
        );

    public static ValueFormatter Quaternion(FormatterResolver formatters) =>
        Surrogates.Struct<Quaternion, (float, float, float, float)>(
            formatters,
            v => (v.X, v.Y, v.Z, v.W),
            p => new(p.Item1, p.Item2, p.Item3, p.Item4)
        );

    public static ValueFormatter Plane(FormatterResolver formatters) =>
        Surrogates.Struct<Plane, (float, float, float, float)>(
            formatters,
            v => (v.Normal.X, v.Normal.Y, v.Normal.Z, v.D),
            p => new(p.Item1, p.Item2, p.Item3, p.Item4)
        );

    public static ValueFormatter Matrix3x2(FormatterResolver formatters) =>
        Surrogates.Struct<Matrix3x2, (Vector2, Vector2, Vector2)>(
            formatters,
            v => (v.X, v.Y, v.Z),
            p => System.Numerics.Matrix3x2.Create(p.Item1, p.Item2, p.Item3)
        );

    public static ValueFormatter Matrix4x4(FormatterResolver formatters) =>
        Surrogates.Struct<Matrix4x4, (Vector4, Vector4, Vector4, Vector4)>(
            formatters,
            v => (v.X, v.Y, v.Z, v.W),
            p => System.Numerics.Matrix4x4.Create(p.Item1, p.Item2, p.Item3, p.Item4)
        );
}

/// <summary>The primitives of drawing, by their numbers.</summary>
internal static class DrawingFormatters
{
    public static ValueFormatter Point(FormatterResolver formatters) =>
        Surrogates.Struct<Point, (int, int)>(formatters, v => (v.X, v.Y), p => new(p.Item1, p.Item2));

    public static ValueFormatter PointF(FormatterResolver formatters) =>
        Surrogates.Struct<PointF, (float, float)>(formatters, v => (v.X, v.Y), p => new(p.Item1, p.Item2));

    public static ValueFormatter Size(FormatterResolver formatters) =>
        Surrogates.Struct<Size, (int, int)>(formatters, v => (v.Width, v.Height), p => new(p.Item1, p.Item2));

    public static ValueFormatter SizeF(FormatterResolver formatters) =>
        Surrogates.Struct<SizeF, (float, float)>(formatters, v => (v.Width, v.Height), p => new(p.Item1, p.Item2));

    public static ValueFormatter Rectangle(FormatterResolver formatters) =>
        Surrogates.Struct<Rectangle, (int, int, int, int)>(
            formatters,
            v => (v.X, v.Y, v.Width, v.Height),
            p => new(p.Item1, p.Item2, p.Item3, p.Item4)
        );

    public static ValueFormatter RectangleF(FormatterResolver formatters) =>
        Surrogates.Struct<RectangleF, (float, float, float, float)>(
            formatters,
            v => (v.X, v.Y, v.Width, v.Height),
            p => new(p.Item1, p.Item2, p.Item3, p.Item4)
        );

    // A colour that has a name is another one than the colour of the same numbers.
    public static ValueFormatter Color(FormatterResolver formatters) =>
        Surrogates.Struct<Color, (KnownColor, string?, int)>(
            formatters,
            color =>
                (
                    color.ToKnownColor(),
                    color.IsEmpty ? ""
                    : color.IsNamedColor && !color.IsKnownColor ? color.Name
                    : null,
                    color.IsKnownColor || color.IsEmpty ? 0 : color.ToArgb()
                ),
            parts =>
                parts.Item1 != 0 ? System.Drawing.Color.FromKnownColor(parts.Item1)
                : parts.Item2?.Length == 0 ? System.Drawing.Color.Empty
                : parts.Item2 is { } name ? System.Drawing.Color.FromName(name)
                : System.Drawing.Color.FromArgb(parts.Item3)
        );
}
