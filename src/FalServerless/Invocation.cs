using System.ComponentModel;
using System.Runtime.CompilerServices;
using FalServerless.Calls;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Transport;

namespace FalServerless;

/// <summary>
/// A detached call: its host keeps it, and what becomes of it, whether or not anybody waits. It is made by <c>SubmitAsync</c>, and found
/// again by its <see cref="Id"/> from any program that has the key it was made with.
/// </summary>
/// <remarks>
/// A served host keeps it also when it ends, in whatever way, and continues it when it starts again. <see cref="FalHost.Local"/> ends with
/// its program, and its detached calls with it.
/// </remarks>
public class Invocation
{
    internal Invocation(SubmittedCall call)
        : this(call.Client, call.Id, InvocationStatus.Queued, call.Codecs) { }

    private protected Invocation(RuntimeClient client, Guid id, InvocationStatus status, Lazy<FunctionCodecs> codecs)
    {
        Client = new(client);
        Id = id;
        Status = status;
        Outcome = new(Client, id, codecs, Note);
    }

    /// <summary>Names the call, on its host and in its body (<see cref="IsolatedContext.InvocationId"/>).</summary>
    public Guid Id { get; }

    /// <summary>What had become of the call when the host last said something of it; see <see cref="GetStatusAsync"/>.</summary>
    public InvocationStatus Status { get; private set; }

    private protected DetachedOutcome Outcome { get; }

    private DetachedClient Client { get; }

    /// <summary>Finds a detached call by its id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="host">The host that keeps it; null is the one that functions run on by default.</param>
    /// <param name="credentials">The key to ask with; null is the host's own, as for <see cref="IsolatedOptions.Credentials"/>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="InvocationNotFoundException">The host has no such call that this program's key may see.</exception>
    /// <exception cref="CredentialsException">There is no key for the host, or the host does not take it.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    public static async Task<Invocation> FindAsync(
        Guid id,
        FalHost? host = null,
        CloudKeyCredentials? credentials = null,
        CancellationToken cancellationToken = default
    )
    {
        var (client, status) = await AskAsync(id, host, credentials, cancellationToken).ConfigureAwait(false);
        return new(client, id, status, FunctionCodecs.OfThisProgram(typeof(void)));
    }

    /// <summary>Finds a detached call whose result has a type by its id.</summary>
    /// <typeparam name="T">The type of the result, as the function that was called has it.</typeparam>
    /// <param name="id">Its id.</param>
    /// <param name="host">The host that keeps it; null is the one that functions run on by default.</param>
    /// <param name="credentials">The key to ask with; null is the host's own, as for <see cref="IsolatedOptions.Credentials"/>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="InvocationNotFoundException">The host has no such call that this program's key may see.</exception>
    /// <exception cref="CredentialsException">There is no key for the host, or the host does not take it.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    public static async Task<Invocation<T>> FindAsync<T>(
        Guid id,
        FalHost? host = null,
        CloudKeyCredentials? credentials = null,
        CancellationToken cancellationToken = default
    )
    {
        var (client, status) = await AskAsync(id, host, credentials, cancellationToken).ConfigureAwait(false);
        return new(client, id, status, FunctionCodecs.OfThisProgram(typeof(T)));
    }

    /// <summary>Asks the host what has become of the call.</summary>
    /// <param name="cancellationToken">Ends the asking; the call continues.</param>
    /// <exception cref="InvocationNotFoundException">The host does not keep the call any more.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    public async Task<InvocationStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        Status = (await Client.FindAsync(Id, cancellationToken).ConfigureAwait(false)).Status;

    /// <summary>
    /// Waits for the end of the call; may be asked again and again. Throws what <c>InvokeAsync</c> throws: what the body threw, or why the
    /// host could not run it to its end.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting; the call continues.</param>
    /// <exception cref="WorkerCrashedException">The worker, or the host itself, ended while it ran the call, and no
    /// <see cref="IsolatedOptions.Retries"/> were left.</exception>
    /// <exception cref="InvocationNotFoundException">The host does not keep the call any more.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled, or the token.</exception>
    public async Task GetResultAsync(CancellationToken cancellationToken = default) =>
        await SettleAsync(Outcome.WaitAsync(cancellationToken), cancellationToken).ConfigureAwait(false);

    /// <summary>What the call logged, in order, also while it runs.</summary>
    /// <param name="from">How many lines are passed over; by default none.</param>
    /// <param name="follow">Whether to go on until the call has ended; else the lines end with what is there.</param>
    /// <param name="cancellationToken">Ends the reading; the call continues.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> is negative.</exception>
    /// <exception cref="InvocationNotFoundException">The host does not keep the call any more.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    public IAsyncEnumerable<LogEntry> GetLogsAsync(long from = 0, bool follow = true, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        return ReadLogsAsync(from, follow, cancellationToken);
    }

    /// <summary>The name that <see cref="GetResultAsync"/> had before; programs that use it still compile.</summary>
    /// <inheritdoc cref="GetResultAsync"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Task ResultAsync(CancellationToken cancellationToken = default) => GetResultAsync(cancellationToken);

    /// <summary>The name that <see cref="GetLogsAsync"/> had before; programs that use it still compile.</summary>
    /// <inheritdoc cref="GetLogsAsync"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public IAsyncEnumerable<LogEntry> LogsAsync(long from = 0, bool follow = true, CancellationToken cancellationToken = default) =>
        GetLogsAsync(from, follow, cancellationToken);

    /// <summary>
    /// Cancels the call: one that waits never runs; the body of a running one is notified, and has
    /// <see cref="IsolatedOptions.CancellationGrace"/> to end. A call that has ended stays what it is.
    /// </summary>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="InvocationNotFoundException">The host does not keep the call any more.</exception>
    /// <exception cref="HostUnreachableException">The host cannot be reached.</exception>
    public async Task CancelAsync(CancellationToken cancellationToken = default)
    {
        await Client.CancelAsync(Id, cancellationToken).ConfigureAwait(false);
        await GetStatusAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The id, and the status that is known here.</summary>
    public override string ToString() => $"Invocation {Id:n} ({Status})";

    /// <summary>Gives the outcome, once the status is what it says.</summary>
    private protected async Task SettleAsync(Task outcome, CancellationToken cancellationToken)
    {
        try
        {
            await outcome.ConfigureAwait(false);
        }
        catch (WorkerCrashedException)
        {
            // Its worker alone, or its host with it: only the host's record tells.
            try
            {
                await GetStatusAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (FalServerlessException)
            {
                Status = InvocationStatus.Failed;
            }

            throw;
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested && e.CancellationToken != cancellationToken)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private static async Task<(RuntimeClient Client, InvocationStatus Status)> AskAsync(
        Guid id,
        FalHost? host,
        CloudKeyCredentials? credentials,
        CancellationToken cancellationToken
    )
    {
        var client = await (host ?? FalHost.Default).ConnectAsync(credentials, cancellationToken).ConfigureAwait(false);
        return (client, (await new DetachedClient(client).FindAsync(id, cancellationToken).ConfigureAwait(false)).Status);
    }

    private void Note(InvocationStatus? status) => Status = status ?? Status;

    private async IAsyncEnumerable<LogEntry> ReadLogsAsync(
        long from,
        bool follow,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var events = new DetachedEvents(Client, Id, Routes.OnlyLogs, from, follow);
        while (await events.ReadAsync(cancellationToken).ConfigureAwait(false) is (InvocationEventKind.Log, var payload))
        {
            yield return LogEntryCodec.Read(payload);
        }
    }
}
