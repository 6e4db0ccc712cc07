using System.Collections.Concurrent;
using FalServerless.Protocol;

namespace FalServerless.Worker.Functions;

/// <summary>
/// Says of a native library that cannot be loaded whose it is, and what to do: the runtime's own message lists the places where it looked.
/// </summary>
internal static class LibraryFailures
{
    private const int MaximumNames = 1024;

    private static readonly ConcurrentDictionary<string, bool> Missing = new();
    private static readonly ConcurrentDictionary<string, (string Package, string Platforms)> Known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Remembers what the packages of a function bring, for whichever platforms.</summary>
    public static void Know(IEnumerable<FunctionFile> files)
    {
        foreach (
            var library in files
                .Where(file => file is { Platform: not null, Package: not null })
                .GroupBy(file => Path.GetFileName(file.Path))
        )
        {
            if (Known.Count < MaximumNames)
            {
                Known[library.Key] = (
                    library.First().Package!,
                    string.Join(", ", library.Select(file => file.Platform).Distinct().Order(StringComparer.Ordinal))
                );
            }
        }
    }

    /// <summary>
    /// Remembers that a library was asked for and was neither in the environment nor among what the functions brought; the system may still
    /// have it.
    /// </summary>
    public static void Remember(string name)
    {
        if (Missing.Count < MaximumNames)
        {
            Missing[name] = true;
        }
    }

    /// <summary>The explanation for the runtime's words; null where there is none.</summary>
    public static string? WordsFor(string message)
    {
        if (message.Split('\'') is not [_, var name, ..])
        {
            return null;
        }

        if (!Missing.ContainsKey(name))
        {
            return Known.TryGetValue(Path.GetFileName(name), out var owner)
                ? $"The native library '{Path.GetFileName(name)}' of the package '{owner.Package}' is here and cannot be loaded. It, "
                    + $"or a library that it needs, does not fit this host "
                    + $"({NativePlatforms.Own}) or is not installed there: {Reason(message)}"
                : null;
        }

        return BroughtForOthers(name) is (var package, var platforms)
            ? $"The package '{package}' brings the native library '{name}' for {platforms}, and not for this host, "
                + $"{NativePlatforms.Own}. Reference the package that brings it for "
                + $"{NativePlatforms.Own} in your program, publish the program for that runtime identifier, or add the package to "
                + $"Requirements."
            : $"The native library '{name}' is neither among what the program's packages bring, nor in the function's environment, "
                + $"nor on this host ({NativePlatforms.Own}). "
                + $"Reference the package that brings it for {NativePlatforms.Own} in your program, add that package to Requirements, "
                + $"or install the library on the host.";
    }

    private static (string Package, string Platforms)? BroughtForOthers(string name)
    {
        string[] files =
        [
            .. NativeFile.NamesOf(name),
            name + ".dll",
            $"lib{name}.dylib",
            name + ".dylib",
            $"lib{name}.so",
            Path.ChangeExtension(name, null) + ".dll",
        ];
        foreach (var file in files)
        {
            if (Known.TryGetValue(file, out var owner))
            {
                return owner;
            }
        }

        return null;
    }

    // The last line is of the place where the library is.
    private static string Reason(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : message;
}
