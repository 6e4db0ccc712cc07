using System.Reflection.Emit;
using FalServerless.Calls;
using FalServerless.Capture;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.UnitTests.Capture;

/// <summary>What is refused of a delegate's captured variables, inputs and result, word by word.</summary>
public class RefusedVariablesTests
{
    private const string UseToken =
        "a token cannot be cancelled from another process. Take a context, ctx => …, and use ctx.CancellationToken; cancel the call "
        + "by the token that InvokeAsync takes.";

    private readonly HttpClient? _client;

    private readonly object _hidden = new MemoryStream();

    private static readonly Dictionary<string, (Func<Delegate> Body, string Path, string Message)> Cases = Refused()
        .ToDictionary(row => row.Name, row => (row.Body, row.Path, row.Message));

    public RefusedVariablesTests() => _client = null;

    public static IEnumerable<TheoryDataRow<string>> Names => Cases.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AVariableThatCannotBeSentIsRefusedWithItsPathAndASuggestion(string name)
    {
        var (body, path, message) = Cases[name];

        var error = await Assert.ThrowsAsync<CaptureException>(() => CallAsync(body()));

        Assert.Equal(message, error.Message);
        Assert.Equal(path, error.Path);
    }

    [Fact]
    public async Task AFieldOfThisIsNamedAsInTheSource()
    {
        var local = 1;

        var error = await Assert.ThrowsAsync<CaptureException>(() =>
            CallAsync(() =>
            {
                return _hidden.GetHashCode() + local;
            })
        );
        var alone = await Assert.ThrowsAsync<CaptureException>(() =>
            CallAsync(() =>
            {
                return _hidden.GetHashCode();
            })
        );

        const string Words =
            "The captured variable 'this' cannot be sent to a worker: 'this._hidden' is of type 'System.IO.MemoryStream': a stream is "
            + "open in this process only. "
            + "Read it into a byte[] first, or open it inside the body. Or copy what the code needs of 'this._hidden' to a local "
            + "variable before the lambda, and use that.";
        Assert.Equal(Words, error.Message);
        Assert.Equal("this._hidden", error.Path);
        Assert.Equal(Words, alone.Message);
        Assert.Null(_client);
    }

    private static Task<object?> CallAsync(Delegate body) =>
        new FunctionCall(FunctionCapture.Capture(body, takesContext: false), new()).InvokeAsync<object?>(
            [],
            TestContext.Current.CancellationToken
        );

    private static IEnumerable<(string Name, Func<Delegate> Body, string Path, string Message)> Refused()
    {
        CancellationToken token = default;
        CancellationTokenSource? source = null;
        HttpClient? http = null;
        Stream? stream = null;
        Task<int>? task = null;
        Thread? thread = null;
        Timer? timer = null;
        SafeFileHandle? handle = null;
        nint pointer = 5;
        IsolatedContext? context = null;
        ILogger logger = NullLogger.Instance;
        ILogger<string> typed = NullLogger<string>.Instance;
        object hidden = new object[] { 1, new MemoryStream() };
        object made = Made();
        Func<int> made2 = Made();
        var over = Over(hidden);
        Func<Task> work = async () => await Task.Yield();
        var job = new Job("a", new Connection(new HttpClient()));
        yield return (
            "token",
            () =>
                () =>
                {
                    return token.IsCancellationRequested;
                },
            "token",
            $"The captured variable 'token' is of type 'System.Threading.CancellationToken', and cannot be sent to a worker: {UseToken}"
        );
        yield return (
            "source",
            () =>
                () =>
                {
                    return source!.IsCancellationRequested;
                },
            "source",
            "The captured variable 'source' is of type 'System.Threading.CancellationTokenSource', and cannot be sent to a worker: a "
                + "token source cannot cancel anything in another process. Take a context, ctx => …, and use ctx.CancellationToken; "
                + "cancel the call by the token that InvokeAsync takes."
        );
        yield return (
            "http",
            () =>
                () =>
                {
                    return http!.Timeout;
                },
            "http",
            "The captured variable 'http' is of type 'System.Net.Http.HttpClient', and cannot be sent to a worker: its connections "
                + "belong to this process. Create the HttpClient inside the body."
        );
        yield return (
            "stream",
            () =>
                () =>
                {
                    return stream!.Length;
                },
            "stream",
            "The captured variable 'stream' is of type 'System.IO.Stream', and cannot be sent to a worker: a stream is open in this "
                + "process only. Read it into a byte[] first, or open it inside the body."
        );
        yield return (
            "task",
            () =>
                () =>
                {
                    return task!.IsCompleted;
                },
            "task",
            "The captured variable 'task' is of type 'System.Threading.Tasks.Task`1[System.Int32]', and cannot be sent to a worker: "
                + "work that is under way cannot move to another process. Await it first and pass its result."
        );
        yield return (
            "thread",
            () =>
                () =>
                {
                    return thread!.Name;
                },
            "thread",
            "The captured variable 'thread' is of type 'System.Threading.Thread', and cannot be sent to a worker: a thread belongs to "
                + "this process. Start it inside the body."
        );
        yield return (
            "timer",
            () =>
                () =>
                {
                    return timer!.Change(0, 0);
                },
            "timer",
            "The captured variable 'timer' is of type 'System.Threading.Timer', and cannot be sent to a worker: a timer ticks in this "
                + "process only. Start it inside the body."
        );
        yield return (
            "handle",
            () =>
                () =>
                {
                    return handle!.IsClosed;
                },
            "handle",
            "The captured variable 'handle' is of type 'Microsoft.Win32.SafeHandles.SafeFileHandle', and cannot be sent to a worker: "
                + "a handle of this process means nothing in another. Pass what it was opened with (a path), and open it inside the body."
        );
        yield return (
            "pointer",
            () =>
                () =>
                {
                    return pointer + 1 == 0;
                },
            "pointer",
            "The captured variable 'pointer' is of type 'System.IntPtr', and cannot be sent to a worker: a pointer of this process "
                + "means nothing in another. Use long for a number."
        );
        yield return (
            "context",
            () =>
                () =>
                {
                    return context!.InvocationId;
                },
            "context",
            "The captured variable 'context' is of type 'FalServerless.IsolatedContext', and cannot be sent to a worker: it belongs "
                + "to the call that it was made for. Take it as the body's first parameter, ctx => …, or use IsolatedContext.Current "
                + "inside the body."
        );
        yield return (
            "logger",
            () =>
                () =>
                {
                    return logger.IsEnabled(LogLevel.Debug);
                },
            "logger",
            "The captured variable 'logger' is of type 'Microsoft.Extensions.Logging.ILogger', and cannot be sent to a worker: it "
                + "writes to the logs of this process. Take a context, ctx => …, and use ctx.Logger."
        );
        yield return (
            "typed logger",
            () =>
                () =>
                {
                    return typed.IsEnabled(LogLevel.Debug);
                },
            "typed",
            "The captured variable 'typed' is of type 'Microsoft.Extensions.Logging.ILogger`1[System.String]', and cannot be sent to "
                + "a worker: it writes to the logs of this process. Take a context, ctx => …, and use ctx.Logger."
        );
        yield return (
            "known at the call",
            () =>
                () =>
                {
                    return hidden.GetHashCode();
                },
            "hidden[1]",
            "The captured variable 'hidden' cannot be sent to a worker: 'hidden[1]' is of type 'System.IO.MemoryStream': a stream is "
                + "open in this process only. Read it into a byte[] first, or open it inside the body."
        );
        yield return (
            "in a record",
            () =>
                () =>
                {
                    return job.Name;
                },
            "job.Connection.Client",
            "The captured variable 'job' cannot be sent to a worker: 'job.Connection.Client' is of type 'System.Net.Http.HttpClient': "
                + "its connections belong to this process. Create the HttpClient inside the body."
        );
        yield return (
            "delegate over a DynamicMethod",
            () =>
                () =>
                {
                    return made2();
                },
            "made2",
            "The captured variable 'made2' is of type 'System.Func`1[System.Int32]', and cannot be sent to a worker: its code was "
                + "made at run time (a DynamicMethod, or an expression that was compiled). Pass the expression itself to "
                + "Isolated.Create, or write the code as a method."
        );
        yield return (
            "delegate over a DynamicMethod as an object",
            () =>
                () =>
                {
                    return made.GetHashCode();
                },
            "made",
            "The captured variable 'made' is of type 'System.Func`1[System.Int32]', and cannot be sent to a worker: its code was made "
                + "at run time (a DynamicMethod, or an expression that was compiled). Pass the expression itself to Isolated.Create, "
                + "or write the code as a method."
        );
        yield return (
            "variable of a captured delegate",
            () =>
                () =>
                {
                    return over();
                },
            "over.hidden[1]",
            "The captured variable 'over' cannot be sent to a worker: 'over.hidden[1]' is of type 'System.IO.MemoryStream': a stream "
                + "is open in this process only. Read it into a byte[] first, or open it inside the body."
        );
        yield return (
            "delegate back",
            () =>
                () =>
                {
                    return work;
                },
            "result",
            "The result is of type 'System.Func`1[System.Threading.Tasks.Task]', and cannot be sent back to the caller: delegates do "
                + "not come back. Return data."
        );
        yield return (
            "stream back",
            () =>
                async () =>
                {
                    return await Task.FromResult<Stream>(Stream.Null);
                },
            "result",
            "The result is of type 'System.IO.Stream', and cannot be sent back to the caller: a stream is open in this process only. "
                + "Read it into a byte[] first, or open it inside the body."
        );
        for (var i = 0; i < 1; i++)
        {
            var text = $"inner {i}";
            yield return (
                "variable of an outer scope",
                () =>
                    () =>
                    {
                        return text + http!.Timeout;
                    },
                "http",
                "The captured variable 'http' is of type 'System.Net.Http.HttpClient', and cannot be sent to a worker: its "
                    + "connections belong to this process. Create the HttpClient inside the body."
            );
        }
    }

    private static Func<int> Over(object hidden) =>
        () =>
        {
            return hidden.GetHashCode();
        };

    private static Func<int> Made()
    {
        var made = new DynamicMethod("Made", typeof(int), []);
        made.GetILGenerator().Emit(OpCodes.Ldc_I4_1);
        made.GetILGenerator().Emit(OpCodes.Ret);
        return made.CreateDelegate<Func<int>>();
    }

    internal sealed record Job(string Name, Connection Connection);

    internal sealed record Connection(HttpClient Client);
}
