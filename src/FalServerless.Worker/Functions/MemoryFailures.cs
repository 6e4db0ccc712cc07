using FalServerless.Serialization.Values;

namespace FalServerless.Worker.Functions;

/// <summary>
/// Says of memory that .NET could not give what to do about it: the runtime's own message names neither the limit nor what to do.
/// </summary>
internal static class MemoryFailures
{
    private const int MaximumDepth = 32;

    // What the runtime throws has no words of its own; what a body throws mostly has, and those stay.
    private static readonly string Unsaid = new OutOfMemoryException().Message;

    /// <summary>Adds the explanation to the message, wherever in the exception it applies.</summary>
    public static void Explain(Exception? error, MachineType machineType)
    {
        for (var depth = 0; error is not null && depth < MaximumDepth; depth++, error = error.InnerException)
        {
            if (error.GetType() == typeof(OutOfMemoryException) && (ExceptionFields.Message(error) is null || error.Message == Unsaid))
            {
                ExceptionFields.Message(error) =
                    $"The worker has no more memory for the body: the machine type '{machineType}' has {machineType.MemoryWords}. "
                    + $"{machineType.MoreMemoryWords}";
            }
        }
    }
}
