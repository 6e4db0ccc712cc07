namespace CompileOnlyLibrary;

/// <summary>What only a worker would have.</summary>
public sealed class Greeter(string greeting)
{
    public string Greet(string name) => $"{greeting} {name}";
}
