using System.Buffers;
using System.Linq.Expressions;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Serialization.Cultures;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Worker.Calls;
using FalServerless.Worker.Functions;

namespace FalServerless.Worker;

/// <summary>
/// Has a worker that waits for its first call make a few of its own, by the same frames and the same code: what .NET prepares at first use
/// is then there. They come from no caller and go to none. A worker that is needed at once makes none, and one that is needed meanwhile no
/// further ones.
/// </summary>
internal sealed class WarmUp(FunctionRunner functions)
{
    /// <summary>A worker that was started for a call has it within this time, and no use for a second thread then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly ManualResetEventSlim _needed = new();

    public void Start()
    {
        if (OperatingSystem.IsWindows())
        {
            // Sockets come in pairs elsewhere only.
            return;
        }

        new Thread(Run) { IsBackground = true, Name = "warm-up" }.Start();
    }

    /// <summary>The worker is needed: what is not warm by now becomes so on the way.</summary>
    public void Leave() => _needed.Set();

    private void Run()
    {
        if (_needed.Wait(Patience))
        {
            return;
        }

        try
        {
            foreach (var call in Calls())
            {
                if (_needed.IsSet)
                {
                    return;
                }

                Make(call);
            }

            LoadOne();
        }
        catch (Exception)
        {
            // Whatever is wrong, a real call meets it too, and has somebody to tell.
        }
    }

    // As the assembly of a function is found and loaded: this one, once more, where no function meets it.
    private static void LoadOne()
    {
        var own = typeof(WarmUp).Assembly;
        var assemblies = new UserAssemblies([]);
        assemblies.Add(new() { Name = own.GetName().Name!, Image = ContentHash.From(new byte[32]) }, own.Location);
        _ = assemblies.Find(own.GetName().Name!)?.GetType(typeof(WarmUp).FullName!);
    }

    private static IEnumerable<OwnCall> Calls()
    {
        yield return OwnCall.Of((string name) => "Hello " + name, "you");
        yield return OwnCall.Of(Block("line", 2));
        yield return OwnCall.Of(Waiting(2.5));
        yield return OwnCall.Of((int[] numbers) => numbers.Where(number => number > 1).Sum(), [1, 2, 3]);
    }

    private static Func<int> Block(string line, int count) =>
        () =>
        {
            Console.WriteLine(line);
            return count + 1;
        };

    private static Func<Task<double>> Waiting(double value) =>
        async () =>
        {
            await Task.Yield();
            return value;
        };

    private void Make(OwnCall call)
    {
        using var pair = new ConnectionPair();
        pair.Home.Write(WorkerFrameKind.Claim, Guid.Empty, WorkerClaimCodec.Write(new()));
        pair.Home.Write(WorkerFrameKind.Function, Guid.Empty, call.Definition);
        var invoke = new WorkerInvoke
        {
            Function = call.Function,
            PayloadLength = call.Payload.Length,
            IsConcurrent = false,
            MachineType = MachineType.XS.Name,
            Cultures = CultureFlow.Write(),
        };
        var opening = new byte[invoke.MaximumSize];
        var length = invoke.Write(opening);
        pair.Home.Write(WorkerFrameKind.Invoke, Guid.NewGuid(), opening.AsSpan(..length), new(call.Payload));
        pair.EndFromHome();
        var calls = new CallTable(pair.Worker);
        new CallLoop(pair.Worker, functions, calls, new CallRunner(functions, calls, null), null, dataPath: "", received: null).Run();
        while (pair.Home.TryRead(out var header, out _) && header.Kind == WorkerFrameKind.Log) { }
    }

    /// <summary>A call as a client and a gateway would make it of the body.</summary>
    private sealed record OwnCall(ContentHash Function, byte[] Definition, byte[] Payload)
    {
        private static readonly ValueSerializer Values = new(TypeNames.OfThisProcess);

        public static OwnCall Of<TInput, TResult>(Expression<Func<TInput, TResult>> body, TInput input)
        {
            var bytes = new ArrayBufferWriter<byte>();
            ExpressionWriter.Write(bytes, body);
            return Of(BodyKind.Expression, bytes, typeof(TInput), input);
        }

        public static OwnCall Of(Delegate body)
        {
            var closure = body.Target!.GetType();
            var bytes = new ArrayBufferWriter<byte>();
            DelegateBody.Write(bytes, body.GetType(), takesContext: false, [new(body.Method, closure)]);
            return Of(BodyKind.Delegate, bytes, closure, body.Target);
        }

        private static OwnCall Of(BodyKind kind, ArrayBufferWriter<byte> body, Type type, object? value)
        {
            var manifest = FunctionManifestCodec.Write(
                new()
                {
                    Kind = kind,
                    Body = body.WrittenMemory,
                    Assemblies = [],
                }
            );

            // Any number that no other function has: a worker computes no hashes, and the library that does takes five megabytes.
            var function = ContentHash.From([.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()]);
            var payload = new ArrayBufferWriter<byte>();
            Values.WriteAll(payload, [type], [value]);
            return new(
                function,
                WorkerFunctionCodec.Write(
                    new()
                    {
                        Function = function,
                        Manifest = manifest,
                        AssemblyPaths = [],
                    }
                ),
                payload.WrittenSpan.ToArray()
            );
        }
    }
}
