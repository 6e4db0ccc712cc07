namespace FalServerless.Serialization.Values;

/// <summary>The remote stack trace as its reader wants it: the body's frames, without the machinery that called the body.</summary>
internal static class RemoteStack
{
    private static readonly string[] Machinery =
    [
        "   at FalServerless.Worker.",
        "   at FalServerless.Serialization.",
        "   at lambda_method",
    ];

    private const string Seam = "--- End of stack trace";

    public static string? Trim(string? stackTrace)
    {
        if (stackTrace is null)
        {
            return null;
        }

        var lines = stackTrace
            .Split('\n')
            .Where(line => !Array.Exists(Machinery, start => line.StartsWith(start, StringComparison.Ordinal)))
            .ToList();

        // Between a body that awaits and the runner is a line that now ends the trace.
        while (lines is [.., var last] && (last.Length == 0 || last.StartsWith(Seam, StringComparison.Ordinal)))
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return string.Join('\n', lines);
    }
}
