namespace FalServerless.Runtime.Workers;

/// <summary>A worker could not be started; the message says why.</summary>
internal sealed class WorkerStartException(string message, Exception? innerException = null) : Exception(message, innerException);
