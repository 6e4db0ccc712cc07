using System.Buffers;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Worker.Functions;

/// <summary>Turns bodies into delegates, once for each code identity, and payloads into their arguments.</summary>
internal sealed class FunctionRunner
{
    private static readonly MemberExpression Context = Expression.Property(null, typeof(IsolatedContext), nameof(IsolatedContext.Current));

    private readonly ConcurrentDictionary<ContentHash, Lazy<CompiledFunction>> _functions = new();
    private readonly UserAssemblies _assemblies;
    private readonly TypeNames _types;
    private readonly ValueSerializer _values;

    public FunctionRunner(UserAssemblies assemblies)
    {
        _assemblies = assemblies;
        _types = new(assemblies.Find);
        _values = new(_types, ValueLimits.Default with { ReadsDelegates = true });
        Failures = new(_values, _types);
    }

    public FailureConverter Failures { get; }

    /// <summary>A flow of execution in which what is looked up by its name is found among the functions' assemblies.</summary>
    public ExecutionContext Flow()
    {
        using var scope = _assemblies.EnterContextualReflection();
        return ExecutionContext.Capture()!;
    }

    /// <summary>Has the functions find the packages of a folder; before any of them is known.</summary>
    public void UseEnvironment(string folder) => _assemblies.Environment = new(folder);

    /// <summary>Makes a function known. It is compiled at its first call, which also gets the error if that fails.</summary>
    public void Define(WorkerFunction function)
    {
        _functions[function.Function] = new(() => Compile(function));
    }

    /// <summary>Finds what runs, and reads its arguments.</summary>
    /// <exception cref="ProtocolException">The bytes are malformed, or name what this worker does not have.</exception>
    public PreparedCall Prepare(ContentHash function, in ReadOnlySequence<byte> arguments)
    {
        if (!_functions.TryGetValue(function, out var compiled))
        {
            throw new ProtocolException("The host sent a call of a function that it has not sent before.");
        }

        var prepared = new PreparedCall(compiled.Value, _values.ReadAll(arguments, compiled.Value.Inputs), _values);
        compiled.Value.Program.Enter();
        return prepared;
    }

    private CompiledFunction Compile(WorkerFunction function)
    {
        var manifest = FunctionManifestCodec.Read(function.Manifest);
        if (manifest.Assemblies.Count != function.AssemblyPaths.Count)
        {
            throw new ProtocolException("The host sent a function without the files of all its assemblies.");
        }

        foreach (var (assembly, path) in manifest.Assemblies.Zip(function.AssemblyPaths))
        {
            _assemblies.Add(assembly, path);
        }

        if (function.Folder is { } folder)
        {
            _assemblies.AddFolder(folder);
            LibraryFailures.Know(manifest.Files);
        }

        var program = UserProgram.Of(manifest.Program is { } name ? _assemblies.Find(name) : null, function.Folder);
        var body = new ReadOnlySequence<byte>(manifest.Body);
        var lambda = manifest.Kind == BodyKind.Delegate ? DelegateBody.Read(body, _types, Context) : ExpressionReader.Read(body, _types);
        return new(BodyCompiler.Compile(lambda), [.. lambda.Parameters.Select(parameter => parameter.Type)], lambda.ReturnType, program);
    }
}
