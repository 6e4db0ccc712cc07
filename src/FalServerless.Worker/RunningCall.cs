using FalServerless.Transport;

namespace FalServerless.Worker;

/// <summary>The call that the current flow of execution belongs to, and its two output streams.</summary>
internal sealed class RunningCall
{
    private static readonly AsyncLocal<RunningCall?> Flowing = new();

    private RunningCall(Guid invocation, WorkerConnection home)
    {
        Output = new(invocation, home, LogEntryLevel.Info);
        Error = new(invocation, home, LogEntryLevel.Error);
    }

    /// <summary>Null outside any call: a timer or thread that a call left behind after its end still sees that call.</summary>
    public static RunningCall? Current => Flowing.Value;

    public CallOutput Output { get; }

    public CallOutput Error { get; }

    public static RunningCall Begin(Guid invocation, WorkerConnection home) => Flowing.Value = new(invocation, home);

    /// <summary>Sends unfinished lines; what is written later belongs to no call.</summary>
    public void End()
    {
        Output.Close();
        Error.Close();
        Flowing.Value = null;
    }
}
