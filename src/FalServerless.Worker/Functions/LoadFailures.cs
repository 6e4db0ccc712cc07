using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using FalServerless.Serialization.Values;

namespace FalServerless.Worker.Functions;

/// <summary>Says of an assembly that cannot be loaded who needs it, and what to do: the runtime's own message names it only.</summary>
internal static class LoadFailures
{
    private const int MaximumDepth = 32;
    private const int MaximumRequests = 1024;

    private static readonly ConcurrentDictionary<string, string> Requests = new();
    private static readonly ConcurrentDictionary<string, string> Corrupt = new();

    /// <summary>Listens to who asks for what. It resolves nothing, so handlers of the user's code still can.</summary>
    public static void Watch() =>
        AppDomain.CurrentDomain.AssemblyResolve += static (_, request) =>
        {
            if (Requests.Count < MaximumRequests)
            {
                Requests[request.Name] = Requester(request.RequestingAssembly);
            }

            return null;
        };

    /// <summary>
    /// Remembers that a function's own assembly could not be loaded, by all the names that the runtime's error may give it.
    /// </summary>
    public static void Remember(AssemblyName requested, string path, BadImageFormatException error)
    {
        foreach (var name in new[] { requested.FullName, path, error.FileName ?? path })
        {
            Corrupt[name] = requested.Name!;
        }
    }

    /// <summary>Puts the explanation in place of the message, wherever in the exception it applies.</summary>
    public static void Explain(Exception? error)
    {
        for (var depth = 0; error is not null && depth < MaximumDepth; depth++, error = error.InnerException)
        {
            if (WordsFor(error) is { } words)
            {
                ExceptionFields.Message(error) = words;
            }
        }
    }

    private static string? WordsFor(Exception error) =>
        error switch
        {
            FileNotFoundException { FileName: { } name } when Requests.TryGetValue(name, out var requester) => requester.Length == 0
                ? $"The body asks for the assembly '{Short(name)}' by its name, and it is neither among what the program brings nor "
                    + $"in the function's environment. "
                    + $"Reference '{new AssemblyName(name).Name}' in your program, so that its list of dependencies (.deps.json) has "
                    + $"it, or add its package to Requirements."
                : $"'{requester}' needs the assembly '{Short(name)}', which is neither among the function's assemblies nor in its "
                    + $"environment. "
                    + $"Reference '{new AssemblyName(name).Name}' in your program with its runtime files, so that it is beside "
                    + $"'{requester}' and is sent with it, or add its package to Requirements.",
            BadImageFormatException { FileName: { } name } when Corrupt.TryGetValue(name, out var assembly) =>
                $"The assembly '{assembly}' cannot be loaded: its file is corrupt, or made for another platform or a newer .NET. "
                    + $"Build it again and call again.",
            DllNotFoundException => LibraryFailures.WordsFor(error.Message),
            _ => null,
        };

    // A compiled expression has an assembly of no function, and a framework asks for what it was configured with: then there is nothing
    // whose reference it could be.
    private static string Requester(Assembly? assembly) =>
        assembly is null || assembly.IsDynamic || assembly.Location.Length == 0 || IsOfFramework(assembly) ? "" : assembly.GetName().Name!;

    private static bool IsOfFramework(Assembly assembly) => AssemblyLoadContext.GetLoadContext(assembly) == AssemblyLoadContext.Default;

    // "C, Version=2.1.0.0": culture and key of an ordinary assembly are of no use here.
    private static string Short(string fullName) =>
        new AssemblyName(fullName) switch
        {
            { Name: var name, Version: { } version } => $"{name}, Version={version}",
            { Name: { } name } => name,
            _ => fullName,
        };
}
