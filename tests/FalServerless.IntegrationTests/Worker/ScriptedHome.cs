using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq.Expressions;
using System.Net.Sockets;
using System.Security.Cryptography;
using FalServerless.Hosts;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Serialization.Cultures;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Transport;
using FalServerless.Transport;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>A real worker process, and in place of its gateway the test: frames go out and come back as they are.</summary>
internal sealed class ScriptedHome : IAsyncDisposable
{
    public const string DataPath = "/data/of/the/test";

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly WorkerConnection _data;
    private readonly WorkerConnection _control;
    private readonly ConcurrentDictionary<Guid, ScriptedCall> _calls = new();

    public ScriptedHome()
    {
        var path = _folder.File("socket");
        using var listener = LocalSockets.Listen(path);
        var start = DotnetProgram.StartInfo(Path.Combine(AppContext.BaseDirectory, "fal-serverless"), "FalServerless.Worker");
        foreach (var argument in new[] { WorkerStart.SocketOption, path, WorkerStart.DataOption, DataPath })
        {
            start.ArgumentList.Add(argument);
        }

        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Printed.Enqueue(line.Data);
        _process.BeginOutputReadLine();
        _process.ErrorDataReceived += (_, line) => Printed.Enqueue(line.Data);
        _process.BeginErrorReadLine();
        _process.StandardInput.Write(Convert.ToHexString(RandomNumberGenerator.GetBytes(WorkerStart.TokenSize)));
        _process.StandardInput.Close();
        _data = Welcome(listener);
        _control = Welcome(listener);
        new Thread(Read) { IsBackground = true, Name = "scripted home" }.Start();
    }

    /// <summary>The lines of the worker's own standard output and error.</summary>
    public ConcurrentQueue<string?> Printed { get; } = new();

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Sends the function and a call of it, the whole payload in one frame.</summary>
    public ScriptedCall Invoke<T>(Expression<Func<T>> body, bool isConcurrent = false) => Invoke((LambdaExpression)body, isConcurrent);

    public ScriptedCall Invoke(LambdaExpression body, bool isConcurrent = false) => Open(body, [], isConcurrent, int.MaxValue);

    /// <summary>Sends the opening of a call with the first bytes of its payload only.</summary>
    public ScriptedCall Open(LambdaExpression body, object?[] inputs, bool isConcurrent, int firstBytes, Guid? id = null)
    {
        var call = Prepare(body, inputs, id);
        Open(call, isConcurrent, firstBytes);
        return call;
    }

    /// <summary>A call of which nothing is sent yet.</summary>
    public ScriptedCall Prepare(LambdaExpression body, object?[]? inputs = null, Guid? id = null) =>
        new(this, body, inputs ?? [], id ?? Guid.NewGuid());

    public void Open(ScriptedCall call, bool isConcurrent = false, int firstBytes = int.MaxValue)
    {
        _calls[call.Id] = call;
        _data.Write(WorkerFrameKind.Function, Guid.Empty, call.Definition);
        var invoke = new WorkerInvoke
        {
            Function = call.Code.Identity,
            PayloadLength = call.Payload.Length,
            IsConcurrent = isConcurrent,
            MachineType = "M",
            Cultures = CultureFlow.Write(),
        };
        Span<byte> opening = stackalloc byte[invoke.MaximumSize];
        var length = invoke.Write(opening);
        _data.Write(
            WorkerFrameKind.Invoke,
            call.Id,
            opening[..length],
            new(call.Payload.AsMemory(0, Math.Min(firstBytes, call.Payload.Length)))
        );
    }

    public void Send(WorkerFrameKind kind, Guid call, ReadOnlySpan<byte> payload) => _data.Write(kind, call, payload);

    public void Cancel(Guid call) => _control.Write(WorkerFrameKind.Cancel, call, []);

    public void Credit(Guid call, int bytes)
    {
        Span<byte> credit = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(credit, bytes);
        _control.Write(WorkerFrameKind.Credit, call, credit);
    }

    public async ValueTask DisposeAsync()
    {
        _data.Dispose();
        _control.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static WorkerConnection Welcome(Socket listener)
    {
        var connection = new WorkerConnection(listener.Accept());
        Assert.True(connection.TryRead(out var header, out _));
        Assert.Equal(WorkerFrameKind.Hello, header.Kind);
        return connection;
    }

    private void Read()
    {
        while (_data.TryRead(out var header, out var payload))
        {
            Assert.True(payload.Length <= ProtocolLimits.MaximumEvent);
            _calls[header.Invocation].Receive(header.Kind, payload.ToArray());
        }

        foreach (var call in _calls.Values)
        {
            call.Lose();
        }
    }
}
