namespace SurroundingsPlugin;

public sealed class NamedPlugin
{
    public override string ToString() => "plug-in";
}
