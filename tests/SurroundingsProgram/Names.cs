using System.ComponentModel;
using System.Data.Common;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using System.Xml.Serialization;
using Microsoft.Data.Sqlite;

namespace SurroundingsProgram;

/// <summary>What user code and frameworks find by names.</summary>
public static class Names
{
    public const string Own = "SurroundingsProgram.Plugin, SurroundingsProgram";

    public const string Other = "SurroundingsPlugin.NamedPlugin, SurroundingsPlugin";

    public static string Convert<T>(string text) => TypeDescriptor.GetConverter(typeof(T)).ConvertFromInvariantString(text)!.ToString()!;

    public static string Instance(string type) => Activator.CreateInstance(Type.GetType(type, throwOnError: true)!)!.ToString()!;

    public static string Json()
    {
        var text = JsonSerializer.Serialize<Shape>(new Circle { Name = "c", Radius = 2 });
        return JsonSerializer.Deserialize<Shape>(text)!.GetType().Name;
    }

    public static string Xml()
    {
        var serializer = new XmlSerializer(typeof(Circle), [typeof(Shape)]);
        using var text = new StringWriter();
        serializer.Serialize(text, new Circle { Name = "c", Radius = 2 });
        return ((Circle)serializer.Deserialize(new StringReader(text.ToString()))!).Name;
    }

    public static string Contract()
    {
        var serializer = new DataContractSerializer(typeof(Shape));
        using var bytes = new MemoryStream();
        serializer.WriteObject(bytes, new Circle { Name = "c", Radius = 2 });
        return serializer.ReadObject(new MemoryStream(bytes.ToArray()))!.GetType().Name
            + (Encoding.UTF8.GetString(bytes.ToArray()).Contains("Circle", StringComparison.Ordinal) ? "" : "?");
    }

    public static string Scan() =>
        string.Join(' ', typeof(Shape).Assembly.GetTypes().Where(typeof(Shape).IsAssignableFrom).Select(type => type.Name).Order());

    public static bool IsLoaded() =>
        AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "SurroundingsProgram");

    public static string OnAnotherThread(string name)
    {
        var found = "";
        var thread = new Thread(() => found = TypeDescriptor.GetConverter(typeof(NamedPoint)).GetType().Name + Type.GetType(name)?.Name);
        thread.UnsafeStart();
        thread.Join();
        return found;
    }

    public static string BesideItself() =>
        Path.GetFileName(Directory.GetFiles(AppContext.BaseDirectory, "SurroundingsPlugin.dll").Single())
        + (Path.GetDirectoryName(typeof(Names).Assembly.Location) + "/" == AppContext.BaseDirectory);

    public static string Sqlite()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = ((DbConnection)connection).CreateCommand();
        command.CommandText = "SELECT 40 + 2";
        return command.ExecuteScalar()!.ToString()!;
    }

    public static string EntryAssembly() => Assembly.GetEntryAssembly()!.GetName().Name!;

    public static string NativeBesideAssembly() =>
        string.Join(
            ' ',
            Directory
                .GetFiles(AppContext.BaseDirectory, "*e_sqlite3*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(AppContext.BaseDirectory, path))
                .Order()
        );
}
