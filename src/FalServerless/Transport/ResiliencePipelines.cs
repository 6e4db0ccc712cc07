using System.Net;
using FalServerless.Protocol.Http;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FalServerless.Transport;

/// <summary>
/// How requests to a host are asked again: only where none of it can have run, as no connection was made or the host said so (429, 503). A
/// connection that breaks later is not the pipeline's: a call is then repeated under its id, and tells its age.
/// </summary>
internal static class ResiliencePipelines
{
    /// <summary>The longest wait that a host may ask for; if it wants a longer one, its answer is passed on instead.</summary>
    public static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(20);

    /// <summary>How long a host is left alone that could not be reached.</summary>
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many attempts must have been made within the window, half of them without a connection, before the host is left alone.
    /// </summary>
    public const int BreakThroughput = 10;

    private static readonly TimeSpan BreakWindow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    // What a slow line is granted for a large body, beyond the limit for an answer.
    private const double SlowestBytesPerSecond = 64 << 10;

    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("FalServerless.Request");

    public static ResiliencePipeline<HttpResponseMessage> Create(FalServerlessOptions options, TimeProvider time)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.MaxRetries > 0)
        {
            pipeline.AddRetry(Retry(options.MaxRetries, time));
        }

        return pipeline.AddCircuitBreaker(Breaker()).AddTimeout(Limit(options.RequestTimeout)).Build();
    }

    public static void Describe(ResilienceContext context, HttpRequestMessage request) => context.Properties.Set(Request, request);

    private static RetryStrategyOptions<HttpResponseMessage> Retry(int attempts, TimeProvider time) =>
        new()
        {
            MaxRetryAttempts = attempts,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
            ShouldHandle = arguments => new(IsWorthAnother(arguments.Outcome, time)),
            DelayGenerator = arguments => new(arguments.Outcome.Result is { } response ? RetryAfter(response, time) : null),
            OnRetry = static arguments =>
            {
                arguments.Outcome.Result?.Dispose();
                return default;
            },
        };

    private static CircuitBreakerStrategyOptions<HttpResponseMessage> Breaker() =>
        new()
        {
            FailureRatio = 0.5,
            MinimumThroughput = BreakThroughput,
            SamplingDuration = BreakWindow,
            BreakDuration = BreakDuration,
            ShouldHandle = static arguments => new(arguments.Outcome.Exception is { } error && ConnectionFailures.SentNothing(error)),
        };

    private static TimeoutStrategyOptions Limit(TimeSpan answer) =>
        new()
        {
            TimeoutGenerator = arguments =>
                new(
                    arguments.Context.Properties.TryGetValue(Request, out var request) && !IsCall(request)
                        ? answer + TimeSpan.FromSeconds((request.Content?.Headers.ContentLength ?? 0) / SlowestBytesPerSecond)
                        : Timeout.InfiniteTimeSpan
                ),
        };

    // It is answered when it may be: it waits for its worker, with a large payload still in its connection.
    private static bool IsCall(HttpRequestMessage request) =>
        request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.EndsWith(Routes.Invocations, StringComparison.Ordinal);

    private static bool IsWorthAnother(Outcome<HttpResponseMessage> outcome, TimeProvider time) =>
        outcome switch
        {
            { Exception: { } error } => ConnectionFailures.SentNothing(error)
                && ConnectionFailures.CauseOf(error) != HostUnreachableCause.Tls,
            { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => !IsOfKey(outcome.Result)
                && !(RetryAfter(outcome.Result, time) > LongestRetryAfter),
            _ => false,
        };

    // Too many attempts with a wrong key: the same key is wrong later too, and each attempt makes it worse.
    private static bool IsOfKey(HttpResponseMessage response) => response.Headers.WwwAuthenticate.Count > 0;

    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - time.GetUtcNow() : null;
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked;
    }
}
