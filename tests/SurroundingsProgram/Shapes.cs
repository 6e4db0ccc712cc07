using System.ComponentModel;
using System.Globalization;
using System.Runtime.Serialization;
using System.Text.Json.Serialization;

namespace SurroundingsProgram;

public sealed class Plugin
{
    public override string ToString() => "own";
}

[TypeConverter(typeof(PointConverter))]
public sealed record Point(int X, int Y);

[TypeConverter("SurroundingsProgram.PointConverter, SurroundingsProgram")]
public sealed record NamedPoint(int X, int Y);

public sealed class PointConverter(Type type) : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
    {
        var parts = ((string)value).Split(' ').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return Activator.CreateInstance(type, parts[0], parts[1])!;
    }
}

[JsonDerivedType(typeof(Circle), "circle")]
[KnownType(typeof(Circle))]
public class Shape
{
    public string Name { get; set; } = "";
}

public class Circle : Shape
{
    public double Radius { get; set; }
}
