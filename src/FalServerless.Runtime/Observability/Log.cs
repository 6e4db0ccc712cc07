using FalServerless.Protocol.Http;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Observability;

/// <summary>All that a host says of itself. No secret is ever among it.</summary>
internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "This is fal-serverless {Version}, process {ProcessId}. State: {State}. Data: {Data}.")]
    public static partial void Starting(ILogger log, string version, int processId, string state, string data);

    [LoggerMessage(LogLevel.Information, "Listening on {Addresses}.")]
    public static partial void Listening(ILogger log, string addresses);

    [LoggerMessage(LogLevel.Warning, "There is no key yet, so no one can call. Make one: {Command}")]
    public static partial void NoKeys(ILogger log, string command);

    [LoggerMessage(LogLevel.Warning, "{Address} is reached without TLS: keys, code and data can be read on the way there.")]
    public static partial void Insecure(ILogger log, string address);

    [LoggerMessage(LogLevel.Information, "{Signal}: no new calls from now on. {Calls} may run on for {Seconds} s.")]
    public static partial void Draining(ILogger log, string signal, string calls, double seconds);

    [LoggerMessage(LogLevel.Warning, "{Calls} did not end in time: cancelled.")]
    public static partial void DrainOverdue(ILogger log, string calls);

    [LoggerMessage(LogLevel.Information, "The host has ended.")]
    public static partial void Ended(ILogger log);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void RequestFailed(ILogger log, Exception exception, string method, string path);

    [LoggerMessage(LogLevel.Warning, "Too many wrong keys from {Address}: further ones are refused for a while.")]
    public static partial void TooManyFromAddress(ILogger log, string address);

    [LoggerMessage(LogLevel.Warning, "Too many wrong secrets for the key {KeyId}, the last from {Address}.")]
    public static partial void TooManyForKey(ILogger log, string keyId, string address);

    [LoggerMessage(LogLevel.Information, "Audit: {Who}: {Action} {Target}: {Outcome}.")]
    public static partial void Audited(ILogger log, string who, string action, string target, string outcome);

    [LoggerMessage(LogLevel.Error, "The detached call {Id:n} could not be run or kept.")]
    public static partial void DetachedFailed(ILogger log, Exception exception, Guid id);

    [LoggerMessage(
        LogLevel.Error,
        "What became of a detached call cannot be written to {Directory}; it is tried again in {Seconds} s. {Message}"
    )]
    public static partial void DetachedUnwritten(ILogger log, string directory, double seconds, string message);

    [LoggerMessage(LogLevel.Error, "The audit log cannot be written: {Message}")]
    public static partial void AuditFailed(ILogger log, string message);

    [LoggerMessage(LogLevel.Warning, "The worker {Worker} of machine type {MachineType} crashed ({Cause}), with {Calls} on it: {End}")]
    public static partial void WorkerCrashed(
        ILogger log,
        string worker,
        string machineType,
        WorkerCrashCause cause,
        string calls,
        string end
    );

    [LoggerMessage(LogLevel.Error, "A worker of machine type {MachineType} could not be started: {Message}")]
    public static partial void WorkerNotStarted(ILogger log, string machineType, string message);

    [LoggerMessage(LogLevel.Warning, "A worker of machine type {MachineType} took {Seconds:0.0} s to start.")]
    public static partial void WorkerStartedSlowly(ILogger log, string machineType, double seconds);

    [LoggerMessage(LogLevel.Warning, "The call {Id:n} ({Name}) of key {Key} was refused ({Reason}): {Message}")]
    public static partial void CallRefused(ILogger log, Guid id, string name, string key, RefusalReason reason, string message);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} of key {Key} was refused with status {Status}: {Message}")]
    public static partial void RequestRefused(ILogger log, string method, string path, string key, int status, string message);

    [LoggerMessage(LogLevel.Debug, "{Method} {Path}: status {Status} after {Milliseconds:0.0} ms, key {Key}.")]
    public static partial void Answered(ILogger log, string method, string path, int status, double milliseconds, string key);
}
