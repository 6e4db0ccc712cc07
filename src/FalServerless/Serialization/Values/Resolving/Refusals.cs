using System.Reflection;

namespace FalServerless.Serialization.Values;

/// <summary>The well-known types that mean nothing outside their process, each with its own way out.</summary>
internal static class Refusals
{
    private static readonly (Type Base, TravelRefusal TravelRefusal)[] ByBase =
    [
        (typeof(CancellationToken), new("a token cannot be cancelled from another process", "Take a context, ctx => …, and use ctx.CancellationToken; cancel the call by the token that InvokeAsync takes")),
        (typeof(CancellationTokenSource), new("a token source cannot cancel anything in another process", "Take a context, ctx => …, and use ctx.CancellationToken; cancel the call by the token that InvokeAsync takes")),
        (typeof(IsolatedContext), new("it belongs to the call that it was made for", "Take it as the body's first parameter, ctx => …, or use IsolatedContext.Current inside the body")),
        (typeof(Stream), new("a stream is open in this process only", "Read it into a byte[] first, or open it inside the body")),
        (typeof(TextReader), new("a reader is open in this process only", "Read it into a string first, or open it inside the body")),
        (typeof(TextWriter), new("a writer is open in this process only", "Return the text as a string, or open the writer inside the body")),
        (typeof(Task), new("work that is under way cannot move to another process", "Await it first and pass its result")),
        (typeof(ValueTask), new("work that is under way cannot move to another process", "Await it first")),
        (typeof(Thread), new("a thread belongs to this process", "Start it inside the body")),
        (typeof(Timer), new("a timer ticks in this process only", "Start it inside the body")),
        (typeof(PeriodicTimer), new("a timer ticks in this process only", "Start it inside the body")),
        (typeof(ITimer), new("a timer ticks in this process only", "Start it inside the body")),
        (typeof(WaitHandle), new("a handle of this process means nothing in another", "Create it inside the body")),
        (typeof(System.Runtime.InteropServices.SafeHandle), new("a handle of this process means nothing in another", "Pass what it was opened with (a path), and open it inside the body")),
        (typeof(System.Runtime.InteropServices.CriticalHandle), new("a handle of this process means nothing in another", "Pass what it was opened with (a path), and open it inside the body")),
        (typeof(System.Runtime.InteropServices.GCHandle), new("a handle of this process means nothing in another", "Pass the object it leads to")),
        (typeof(MemberInfo), new("reflection objects belong to this process", "Pass the Type and the member's name, and look it up inside the body")),
        (typeof(Assembly), new("reflection objects belong to this process", "Use typeof(…).Assembly inside the body")),
        (typeof(Module), new("reflection objects belong to this process", "Use typeof(…).Module inside the body")),
        (typeof(ParameterInfo), new("reflection objects belong to this process", "Pass the Type and the member's name, and look it up inside the body")),
        (typeof(Exception), new("an exception holds the stack of its process", "Throw it (it arrives as the exception of the call), or pass its message")),
        (typeof(WeakReference), new("whether its target is still there is known in this process only", "Pass the target itself")),
        (typeof(IServiceProvider), new("a container and its services live in this process", "Pass the data that the services give, or build the container inside the body")),
    ];

    // By name, as a question for these types must not load their assemblies.
    private static readonly Dictionary<string, TravelRefusal> ByBaseName = new()
    {
        ["Microsoft.Extensions.Logging.ILogger"] = new("it writes to the logs of this process", "Take a context, ctx => …, and use ctx.Logger"),
        ["Microsoft.Extensions.Logging.ILoggerFactory"] = new("it writes to the logs of this process", "Take a context, ctx => …, and use ctx.Logger"),
        ["System.Net.Http.HttpMessageInvoker"] = new("its connections belong to this process", "Create the HttpClient inside the body"),
        ["System.Net.Http.HttpMessageHandler"] = new("its connections belong to this process", "Create it inside the body"),
        ["System.Net.Sockets.Socket"] = new("a connection belongs to this process", "Open it inside the body"),
        ["System.Data.Common.DbConnection"] = new("a connection belongs to this process", "Pass the connection string and open it inside the body"),
        ["System.Data.IDbConnection"] = new("a connection belongs to this process", "Pass the connection string and open it inside the body"),
        ["System.Diagnostics.Process"] = new("a handle of this process means nothing in another", "Start the process inside the body, or pass its id"),
        ["System.Timers.Timer"] = new("a timer ticks in this process only", "Start it inside the body"),
        ["System.IO.FileSystemWatcher"] = new("it watches in this process only", "Create it inside the body"),
    };

    private static readonly Dictionary<string, TravelRefusal> ByGenericName = new()
    {
        ["System.Threading.Tasks.ValueTask`1"] = new("work that is under way cannot move to another process", "Await it first and pass its result"),
        ["System.Lazy`1"] = new("its value may not be there yet, and making it would run your code", "Pass its Value"),
        ["System.WeakReference`1"] = new("whether its target is still there is known in this process only", "Pass the target itself"),
        ["System.Threading.ThreadLocal`1"] = new("its values belong to the threads of this process", "Pass its Value"),
        ["System.Threading.AsyncLocal`1"] = new("its value belongs to a flow of this process", "Pass its Value"),
        ["System.Collections.Generic.IAsyncEnumerable`1"] = new("a sequence that is still being made cannot move to another process", "Await it into a list first"),
    };

    private static readonly Type[] Pointers = [typeof(nint), typeof(nuint)];

    /// <summary>Of a delegate in what a worker answers.</summary>
    public static TravelRefusal DelegateBack { get; } = new("delegates do not come back", "Return data");

    public static TravelRefusal Pointer { get; } = new("a pointer of this process means nothing in another", "Use long for a number");

    /// <summary>Why no value of this type can travel; null if it may.</summary>
    public static TravelRefusal? Find(Type type)
    {
        if (Pointers.Contains(type))
        {
            return Pointer;
        }

        if (type == typeof(object) || type.IsArray || type.IsEnum)
        {
            return null;
        }

        foreach (var (known, refusal) in ByBase)
        {
            if (known.IsAssignableFrom(type))
            {
                return refusal;
            }
        }

        return type.IsConstructedGenericType && ByGenericName.TryGetValue(type.GetGenericTypeDefinition().FullName!, out var generic)
            ? generic
            : FindBase(type);
    }

    public static TravelRefusal UnknownFrameworkType(Type type) =>
        new($"'{type.Name}' is a type of the framework with no form outside its process that is known here", "Pass the data that it was made from, and make it inside the body");

    // A base class, an interface, or the type itself.
    private static TravelRefusal? FindBase(Type type)
    {
        for (var known = type; known is not null && known != typeof(object); known = known.BaseType)
        {
            if (ByBaseName.TryGetValue(known.FullName ?? "", out var refusal))
            {
                return refusal;
            }
        }

        foreach (var promised in type.GetInterfaces())
        {
            if (ByBaseName.TryGetValue(promised.FullName ?? "", out var refusal))
            {
                return refusal;
            }
        }

        return null;
    }
}
