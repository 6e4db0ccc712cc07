using System.Reflection;

namespace FalServerless.Serialization.Values;

/// <summary>The well-known types that mean nothing outside their process, each with what to do instead.</summary>
internal static class Refusals
{
    private static readonly (Type Base, SendRefusal Refusal)[] ByBase =
    [
        (
            typeof(CancellationToken),
            new(
                "a token cannot be cancelled from another process",
                "Take a context, ctx => …, and use ctx.CancellationToken; cancel the call by the token that InvokeAsync takes"
            )
        ),
        (
            typeof(CancellationTokenSource),
            new(
                "a token source cannot cancel anything in another process",
                "Take a context, ctx => …, and use ctx.CancellationToken; cancel the call by the token that InvokeAsync takes"
            )
        ),
        (typeof(Stream), new("a stream is open in this process only", "Read it into a byte[] first, or open it inside the body")),
        (typeof(TextReader), new("a reader is open in this process only", "Read it into a string first, or open it inside the body")),
        (
            typeof(TextWriter),
            new("a writer is open in this process only", "Return the text as a string, or open the writer inside the body")
        ),
        (typeof(Task), new("work that is under way cannot move to another process", "Await it first and pass its result")),
        (typeof(ValueTask), new("work that is under way cannot move to another process", "Await it first")),
        (typeof(Thread), new("a thread belongs to this process", "Start it inside the body")),
        (typeof(Timer), new("a timer ticks in this process only", "Start it inside the body")),
        (typeof(PeriodicTimer), new("a timer ticks in this process only", "Start it inside the body")),
        (typeof(ITimer), new("a timer ticks in this process only", "Start it inside the body")),
        (
            typeof(AutoResetEvent),
            new(
                "whether it is set cannot be read without resetting it",
                "Use a SemaphoreSlim with a maximum of 1, or create it inside the body"
            )
        ),
        (typeof(Semaphore), new("its count cannot be read without changing it", "Use a SemaphoreSlim, or create it inside the body")),
        (typeof(Mutex), new("a handle of this process means nothing in another", "Use a Lock, or create it inside the body")),
        (typeof(WaitHandle), new("a handle of this process means nothing in another", "Create it inside the body")),
        (
            typeof(System.Runtime.InteropServices.SafeHandle),
            new("a handle of this process means nothing in another", "Pass what it was opened with (a path), and open it inside the body")
        ),
        (
            typeof(System.Runtime.InteropServices.CriticalHandle),
            new("a handle of this process means nothing in another", "Pass what it was opened with (a path), and open it inside the body")
        ),
        (
            typeof(System.Runtime.InteropServices.GCHandle),
            new("a handle of this process means nothing in another", "Pass the object it leads to")
        ),
        (
            typeof(MemberInfo),
            new("reflection objects belong to this process", "Pass the Type and the member's name, and look it up inside the body")
        ),
        (typeof(Assembly), new("reflection objects belong to this process", "Use typeof(…).Assembly inside the body")),
        (typeof(Module), new("reflection objects belong to this process", "Use typeof(…).Module inside the body")),
        (
            typeof(ParameterInfo),
            new("reflection objects belong to this process", "Pass the Type and the member's name, and look it up inside the body")
        ),
        (typeof(WeakReference), new("whether its target is still there is known in this process only", "Pass the target itself")),
        (
            typeof(IServiceProvider),
            new(
                "a container and its services live in this process",
                "Pass the data that the services give, or build the container inside the body"
            )
        ),
    ];

    // By name, as a question for these types must not load their assemblies.
    private static readonly Dictionary<string, SendRefusal> ByBaseName = new()
    {
        ["Microsoft.Extensions.Logging.ILogger"] = new(
            "it writes to the logs of this process",
            "Take a context, ctx => …, and use ctx.Logger"
        ),
        ["Microsoft.Extensions.Logging.ILoggerFactory"] = new(
            "it writes to the logs of this process",
            "Take a context, ctx => …, and use ctx.Logger"
        ),
        ["System.Net.Http.HttpMessageInvoker"] = new("its connections belong to this process", "Create the HttpClient inside the body"),
        ["System.Net.Http.HttpMessageHandler"] = new("its connections belong to this process", "Create it inside the body"),
        ["System.Net.Sockets.Socket"] = new("a connection belongs to this process", "Open it inside the body"),
        ["System.Data.Common.DbConnection"] = new(
            "a connection belongs to this process",
            "Pass the connection string and open it inside the body"
        ),
        ["System.Data.IDbConnection"] = new(
            "a connection belongs to this process",
            "Pass the connection string and open it inside the body"
        ),
        ["System.Diagnostics.Process"] = new(
            "a handle of this process means nothing in another",
            "Start the process inside the body, or pass its id"
        ),
        ["FalServerless.IsolatedContext"] = new(
            "it belongs to the call that it was made for",
            "Take it as the body's first parameter, ctx => …, or use IsolatedContext.Current inside the body"
        ),
        ["FalServerless.Calls.IIsolatedFunction"] = new(
            "a function is called from the process that made it",
            "Call it here and pass its result, or make it inside the body"
        ),
        ["FalServerless.Invocation"] = new("this process follows the call", "Wait for its result here and pass that"),
        ["FalServerless.FalHost"] = new(
            "a host is reached from this process, with this process's keys",
            "Call it here and pass the result, or name the host inside the body"
        ),
        ["FalServerless.CloudKeyCredentials"] = new(
            "credentials are never sent",
            "Give them to the function's options or set FAL_KEY here; a body that calls a host itself reads them there"
        ),
        ["FalServerless.Testing.LocalHostFixture"] = new(
            "its host belongs to this process",
            "Use it here, as the function's Host, and pass what the body needs as data"
        ),
        ["System.Timers.Timer"] = new("a timer ticks in this process only", "Start it inside the body"),
        ["System.Configuration.ConfigurationManager"] = new(
            "it reads the settings of this process",
            "Copy the settings that the body needs to local variables"
        ),
        ["Microsoft.Extensions.Configuration.IConfiguration"] = new(
            "it follows the settings of this process",
            "Copy the settings that the body needs to local variables, or bind them to a class of your own"
        ),
        ["Microsoft.Extensions.Hosting.IHost"] = new(
            "an application and its services live in this process",
            "Pass the data that the services give, or build them inside the body"
        ),
        ["Microsoft.Extensions.Hosting.IHostEnvironment"] = new(
            "it describes this process",
            "Copy the names that the body needs to local variables"
        ),
        ["Microsoft.Extensions.Hosting.IHostApplicationLifetime"] = new(
            "it ends this process",
            "Take a context, ctx => …, and use ctx.CancellationToken"
        ),
        ["Microsoft.Extensions.DependencyInjection.IServiceScope"] = new(
            "a container and its services live in this process",
            "Pass the data that the services give, or build the container inside the body"
        ),
        ["Microsoft.Extensions.DependencyInjection.IServiceScopeFactory"] = new(
            "a container and its services live in this process",
            "Pass the data that the services give, or build the container inside the body"
        ),
        ["Microsoft.Extensions.Options.IOptionsMonitor`1"] = new(
            "it follows the settings of this process",
            "Copy its CurrentValue to a local variable"
        ),
        ["Microsoft.Extensions.Caching.Memory.IMemoryCache"] = new(
            "a cache in memory belongs to this process",
            "Pass the entries that the body needs, or use Cached.Create for what a worker is to keep"
        ),
        ["Microsoft.EntityFrameworkCore.DbContext"] = new(
            "its connection and the entities that it tracks belong to this process",
            "Pass the connection string and make the context inside the body"
        ),
        ["Microsoft.AspNetCore.Http.HttpContext"] = new(
            "a request is answered in this process",
            "Copy what the body needs of it to local variables"
        ),
        ["Microsoft.AspNetCore.Http.IHttpContextAccessor"] = new(
            "a request is answered in this process",
            "Copy what the body needs of it to local variables"
        ),
        ["System.Net.Http.IHttpClientFactory"] = new("its connections belong to this process", "Create the HttpClient inside the body"),
        ["System.Net.Http.HttpContent"] = new(
            "its bytes may be read once, and in this process only",
            "Read it into a byte[] or a string first"
        ),
        ["System.Net.Http.HttpRequestMessage"] = new(
            "it holds content that is read once",
            "Pass its method, address and headers, and make it inside the body"
        ),
        ["System.Net.Http.HttpResponseMessage"] = new(
            "its content comes from a connection of this process",
            "Read the content first, and pass that and the status code"
        ),
        ["System.Data.Common.DbCommand"] = new(
            "a command belongs to a connection of this process",
            "Pass its text and values, and make it inside the body"
        ),
        ["System.Data.Common.DbTransaction"] = new("a transaction belongs to a connection of this process", "Begin it inside the body"),
        ["System.Data.Common.DbDataReader"] = new(
            "a reader is open in this process only",
            "Read its rows into a list or a DataTable first"
        ),
        ["System.IProgress`1"] = new(
            "reports would have to come back while the body runs",
            "Return an IAsyncEnumerable<T> and yield the reports: they arrive one by one while the body runs"
        ),
        ["System.Diagnostics.Stopwatch"] = new("it measures by the clock of this process", "Pass its Elapsed"),
        ["System.Random"] = new("the state of a Random is hidden in the framework", "Pass a seed, and make it inside the body"),
        ["System.IO.FileSystemWatcher"] = new("it watches in this process only", "Create it inside the body"),
    };

    // Before the table, which holds it.
    public static SendRefusal AsyncSequence { get; } =
        new("a sequence that is still being made cannot move to another process", "Await it into a list first");

    public static SendRefusal Enumerator { get; } = new("an enumerator is in the middle of a sequence", "Pass the collection");

    private static readonly Dictionary<string, SendRefusal> ByGenericName = new()
    {
        ["System.Threading.Tasks.ValueTask`1"] = new(
            "work that is under way cannot move to another process",
            "Await it first and pass its result"
        ),
        ["System.WeakReference`1"] = new("whether its target is still there is known in this process only", "Pass the target itself"),
        ["System.Threading.ThreadLocal`1"] = new("its values belong to the threads of this process", "Pass its Value"),
        ["System.Collections.Generic.IAsyncEnumerable`1"] = AsyncSequence,
    };

    private static readonly Type[] Pointers = [typeof(nint), typeof(nuint)];

    /// <summary>Of a delegate in what a worker answers.</summary>
    public static SendRefusal DelegateBack { get; } = new("delegates do not come back", "Return data");

    public static SendRefusal Pointer { get; } = new("a pointer of this process means nothing in another", "Use long for a number");

    /// <summary>Why no value of this type can be sent; null if it may.</summary>
    public static SendRefusal? Find(Type type)
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
            if (
                known.IsAssignableFrom(type)
                && !(known == typeof(IServiceProvider) && IsComponent(type))
                && type != typeof(ManualResetEvent)
            )
            {
                return refusal;
            }
        }

        return type.IsConstructedGenericType && ByGenericName.TryGetValue(type.GetGenericTypeDefinition().FullName!, out var generic)
            ? generic
            : FindBase(type);
    }

    public static SendRefusal UnknownFrameworkType(Type type) =>
        FrameworkRefusals.Find(type)
        ?? new(
            $"'{type.Name}' is a type of the framework with no form outside its process that is known here",
            "Pass the data that it was made from, and make it inside the body"
        );

    // A base class, an interface, or the type itself.
    private static SendRefusal? FindBase(Type type)
    {
        for (var known = type; known is not null && known != typeof(object); known = known.BaseType)
        {
            if (ByBaseName.TryGetValue(NameOf(known), out var refusal))
            {
                return refusal;
            }
        }

        foreach (var promised in type.GetInterfaces())
        {
            if (ByBaseName.TryGetValue(NameOf(promised), out var refusal))
            {
                return refusal;
            }
        }

        return null;
    }

    // Tables and their columns have a site for designers, which is not used outside of these.
    private static bool IsComponent(Type type)
    {
        for (var known = type; known is not null; known = known.BaseType)
        {
            if (known.FullName == "System.ComponentModel.MarshalByValueComponent")
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(Type type) => (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? "";
}
