using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace FalServerless.Transport;

/// <summary>Sends each request through a host's pipeline, and says in our words why it was not answered.</summary>
internal sealed class ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        ResiliencePipelines.Describe(context, request);
        try
        {
            return await pipeline
                .ExecuteAsync(
                    static (context, sent) =>
                        new ValueTask<HttpResponseMessage>(sent.Handler.SendOnceAsync(sent.Request, context.CancellationToken)),
                    context,
                    (Handler: this, Request: request)
                )
                .ConfigureAwait(false);
        }
        catch (BrokenCircuitException e)
        {
            throw new ConnectionBrokenException(
                $"it could not be reached several times in a row{LastFailure(e)}, and is asked again in "
                    + $"{Math.Ceiling((e.RetryAfter ?? ResiliencePipelines.BreakDuration).TotalSeconds):0} s",
                e,
                HostUnreachableCause.CircuitOpen,
                isSettled: true
            );
        }
        catch (TimeoutRejectedException e)
        {
            throw new ConnectionBrokenException(
                $"it did not answer within {e.Timeout.TotalSeconds:0.#} s",
                e,
                HostUnreachableCause.Timeout,
                isSettled: true
            );
        }
        catch (Exception e) when (ConnectionFailures.SentNothing(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionBrokenException(e.GetBaseException().Message, e, ConnectionFailures.CauseOf(e), isSettled: true);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static string LastFailure(BrokenCircuitException error) =>
        error.InnerException is { } last ? $" ({last.GetBaseException().Message})" : "";

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}
