using System.Reflection;

namespace FalServerless.Hosts;

/// <summary>Finds the runtime and the worker that the library ships: in a folder beside it.</summary>
internal static class ProgramFolder
{
    public const string Runtime = "FalServerless.Runtime";

    private const string Name = "fal-serverless";

    /// <exception cref="HostUnreachableException">They are not there.</exception>
    public static string Find()
    {
        string[] places = [Path.GetDirectoryName(typeof(ProgramFolder).Assembly.Location) ?? "", AppContext.BaseDirectory];
        var folders = places
            .Where(place => place.Length > 0)
            .Select(place => Path.Combine(place, Name))
            // The command line is itself one of those programs, and so is what runs a body that uses a host of its own.
            .Concat(places.Where(place => place.Length > 0))
            .Distinct()
            .ToArray();
        return Array.Find(folders, folder => File.Exists(Path.Combine(folder, Runtime + ".dll")))
            ?? throw new HostUnreachableException(
                $"FalHost.Local needs the runtime that FalServerless ships, and it is not there: looked for "
                    + $"{string.Join(" and ", folders)}. {Reason()}",
                HostUnreachableCause.NotStarted
            );
    }

    private static string Reason() =>
        Assembly.GetEntryAssembly() is { Location.Length: 0 }
            ? "This program is published as a single file: publish it with IncludeAllContentForSelfExtract=true, which keeps the "
                + "single file, or without PublishSingleFile."
            : "A reference to FalServerless copies the folder into the program's output; was it left out when the program was moved?";
}
