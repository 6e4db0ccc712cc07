using FalServerless.Runtime.Observability;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Keys;

/// <summary>Writes down what admins do. A host that a program started for itself has none.</summary>
/// <param name="store">Where; null is nowhere.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Receives it too.</param>
internal sealed class AuditLog(KeyStore? store, TimeProvider time, ILogger log)
{
    /// <param name="who">The id of the key.</param>
    /// <param name="action">In two words: <c>worker stop</c>.</param>
    /// <param name="target">Which thing.</param>
    /// <param name="outcome">What came of it.</param>
    public void Write(string who, string action, string target, string outcome)
    {
        if (store is null)
        {
            return;
        }

        Log.Audited(log, who, action, target, outcome);
        try
        {
            store.Append(
                new()
                {
                    At = time.GetUtcNow(),
                    Who = who,
                    Action = action,
                    Target = target,
                    Outcome = outcome,
                }
            );
        }
        catch (SqliteException e)
        {
            // It has happened by now; the line above is what remains of it.
            Log.AuditFailed(log, e.Message);
        }
    }
}
