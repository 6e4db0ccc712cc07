using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;
using FalServerless;
using Microsoft.Data.Sqlite;
using SurroundingsProgram;

// Prints one line for each thing that is found there, and "-" with the reason where it is not.
const string Own = Names.Own;
const string Other = Names.Other;

Show("satellite", Isolated.Create(() => Texts.Of("Hello", "de")!));
Show("satellite of a country", Isolated.Create(() => Texts.Of("Hello", "de-AT")!));
Show("satellite of a parent", Isolated.Create(() => Texts.Of("Bye", "de-AT")!));
Show(
    "satellite of a child",
    Isolated.FromDelegate(() =>
    {
        return Texts.Of("Hello", "de-CH")!;
    })
);
Show(
    "satellite of the current culture",
    Isolated.FromDelegate(() =>
    {
        return Texts.InCurrentCulture("Hello", "de")!;
    })
);
Show("no satellite", Isolated.Create(() => Texts.Of("Hello", "fr")!));

Show("expression: type", Isolated.Create(() => Activator.CreateInstance(Type.GetType(Own)!)!.ToString()!));
Show("expression: assembly", Isolated.Create(() => Assembly.Load("SurroundingsProgram").GetType("SurroundingsProgram.Plugin")!.Name));
Show(
    "expression: instance",
    Isolated.Create(() => Activator.CreateInstance("SurroundingsProgram", "SurroundingsProgram.Plugin")!.Unwrap()!.ToString()!)
);
Show(
    "expression: converter",
    Isolated.Create(() => TypeDescriptor.GetConverter(typeof(Point)).ConvertFromInvariantString("1 2")!.ToString()!)
);
Show(
    "expression: named converter",
    Isolated.Create(() => TypeDescriptor.GetConverter(typeof(NamedPoint)).ConvertFromInvariantString("1 2")!.ToString()!)
);
Show("expression: plug-in", Isolated.Create(() => Names.Instance(Other)));

Show(
    "block: type",
    Isolated.FromDelegate(() =>
    {
        return Activator.CreateInstance(Type.GetType(Own)!)!.ToString()!;
    })
);
Show(
    "block: assembly",
    Isolated.FromDelegate(() =>
    {
        return Assembly.Load("SurroundingsProgram").GetType("SurroundingsProgram.Plugin")!.Name;
    })
);
Show(
    "block: instance",
    Isolated.FromDelegate(() =>
    {
        return Activator.CreateInstance("SurroundingsProgram", "SurroundingsProgram.Plugin")!.Unwrap()!.ToString()!;
    })
);
Show(
    "block: converter",
    Isolated.FromDelegate(() =>
    {
        return Names.Convert<Point>("1 2");
    })
);
Show(
    "block: named converter",
    Isolated.FromDelegate(() =>
    {
        return Names.Convert<NamedPoint>("1 2");
    })
);
Show(
    "block: plug-in",
    Isolated.FromDelegate(() =>
    {
        return Activator.CreateInstance(Type.GetType(Other)!)!.ToString()!;
    })
);
Show(
    "async: named converter",
    Isolated.FromDelegate(async () =>
    {
        await Task.Yield();
        return Names.Convert<NamedPoint>("1 2");
    })
);
Show(
    "async: type",
    Isolated.FromDelegate(async () =>
    {
        await Task.Delay(1).ConfigureAwait(false);
        return Activator.CreateInstance(Type.GetType(Own)!)!.ToString()!;
    })
);
Show(
    "thread without the flow",
    Isolated.FromDelegate(() =>
    {
        return Names.OnAnotherThread(Own);
    })
);

Show(
    "json",
    Isolated.FromDelegate(() =>
    {
        return Names.Json();
    })
);
Show(
    "xml",
    Isolated.FromDelegate(() =>
    {
        return Names.Xml();
    })
);
Show(
    "contract",
    Isolated.FromDelegate(() =>
    {
        return Names.Contract();
    })
);
Show(
    "scan",
    Isolated.FromDelegate(() =>
    {
        return Names.Scan();
    })
);
Show("loaded", Isolated.Create(() => Names.IsLoaded().ToString()));
Show(
    "entry",
    Isolated.FromDelegate(() =>
    {
        return Names.EntryAssembly();
    })
);
Show(
    "folder",
    Isolated.FromDelegate(() =>
    {
        return Names.BesideItself();
    })
);

Show(
    "sqlite",
    Isolated.FromDelegate(() =>
    {
        return Names.Sqlite();
    })
);
Show("sqlite in an expression", Isolated.Create(() => Names.Sqlite()));
Show(
    "sqlite of the package alone",
    Isolated.Create(() => Convert.ToString(new SqliteConnection("Data Source=:memory:").ServerVersion.Length > 0 ? 42 : 0)!)
);
Show(
    "dependencies",
    Isolated.FromDelegate(() =>
    {
        return Path.GetFileName((string)AppContext.GetData("APP_CONTEXT_DEPS_FILES")!);
    })
);
Show(
    "natives",
    Isolated.FromDelegate(() =>
    {
        return Names.NativeBesideAssembly();
    })
);
Show(
    "native by name",
    Isolated.FromDelegate(() =>
    {
        return (NativeLibrary.Load("e_sqlite3", typeof(Names).Assembly, null) != 0).ToString();
    })
);

Show("missing type", Isolated.Create(() => Type.GetType("Nope.Nope, Nope.Part", true)!.Name));
Show(
    "missing assembly",
    Isolated.FromDelegate(() =>
    {
        return Assembly.Load("Nope.Part").FullName!;
    })
);
Show(
    "missing library",
    Isolated.FromDelegate(() =>
    {
        return NativeLibrary.Load("nope_native", typeof(Names).Assembly, null).ToString();
    })
);

static void Show(string what, IsolatedFunction<string> function) => Print(what, () => function.Invoke());

static void Print(string what, Func<string> call)
{
    try
    {
        Console.WriteLine($"{what} = {call()}");
    }
    catch (Exception e)
    {
        Console.WriteLine($"{what} = - {e.GetType().Name}: {e.GetBaseException().Message.ReplaceLineEndings(" ")}");
    }
}
