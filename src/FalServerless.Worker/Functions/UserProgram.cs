using System.Reflection;

namespace FalServerless.Worker.Functions;

/// <summary>
/// What a process says of the program that runs in it, as the user's program would: its own assembly, the folder that contains it, the list
/// of its dependencies. Code that looks for plug-ins, settings or native libraries begins there.
/// </summary>
internal sealed class UserProgram
{
    private const string FolderKey = "APP_CONTEXT_BASE_DIRECTORY";
    private const string DependenciesKey = "APP_CONTEXT_DEPS_FILES";

    private static readonly UserProgram Worker = new(
        Assembly.GetEntryAssembly(),
        AppContext.BaseDirectory,
        AppContext.GetData(DependenciesKey) as string
    );

    private static UserProgram _current = Worker;

    private readonly Assembly? _assembly;
    private readonly string _folder;
    private readonly string? _dependencies;

    private UserProgram(Assembly? assembly, string folder, string? dependencies)
    {
        _assembly = assembly;
        _folder = folder;
        _dependencies = dependencies;
    }

    /// <param name="assembly">The program's own assembly; null where the function does not need it.</param>
    /// <param name="folder">The folder of the function's files; null where it has none.</param>
    public static UserProgram Of(Assembly? assembly, string? folder)
    {
        if (folder is null)
        {
            return Worker;
        }

        var dependencies = assembly is null ? null : Path.Combine(folder, assembly.GetName().Name + ".deps.json");
        return new(
            assembly ?? Worker._assembly,
            folder + Path.DirectorySeparatorChar,
            File.Exists(dependencies) ? dependencies : Worker._dependencies
        );
    }

    /// <summary>Has the process say so. Of calls that run at once, the last one that began decides.</summary>
    public void Enter()
    {
        if (ReferenceEquals(_current, this))
        {
            return;
        }

        _current = this;
        Assembly.SetEntryAssembly(_assembly);
        AppContext.SetData(FolderKey, _folder);
        AppContext.SetData(DependenciesKey, _dependencies);
    }
}
