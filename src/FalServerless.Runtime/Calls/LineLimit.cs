namespace FalServerless.Runtime.Calls;

/// <summary>How much of a printed line an error repeats.</summary>
internal static class LineLimit
{
    private const int MaximumLength = 500;

    public static string Cut(string line) => line.Length <= MaximumLength ? line : line[..MaximumLength] + "…";
}
