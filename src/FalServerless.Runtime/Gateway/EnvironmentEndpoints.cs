using System.IO.Pipelines;
using FalServerless.Packages;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FalServerless.Runtime.Gateway;

/// <summary>Shows the environments, builds one ahead of the calls that need it, and removes one.</summary>
/// <param name="store">Has them.</param>
/// <param name="state">Whether anything new is begun.</param>
/// <param name="audit">Records what is built and removed.</param>
/// <param name="time">The clock.</param>
internal sealed class EnvironmentEndpoints(EnvironmentStore store, HostState state, AuditLog audit, TimeProvider time)
{
    // As many requirements as there may be, each of characters that take four bytes.
    private const int MaximumRequest = ProtocolLimits.MaximumRequirements * ((4 * ProtocolLimits.LongestRequirement) + 5) + 16;

    public async Task ListAsync(HttpContext context)
    {
        var body = EnvironmentRecordCodec.WriteAll([.. store.List().Select(Record)]);
        context.Response.ContentType = Routes.MessageMediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public async Task BuildAsync(HttpContext context)
    {
        if (state.IsDraining)
        {
            Refusals.SetRetryAfter(context, state.DrainLimit);
            await Refusals.WriteAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                RefusalReason.Host,
                "The host is shutting down and builds no environments."
            );
            return;
        }

        EnvironmentDefinition definition;
        try
        {
            definition = await ReadAsync(context);
        }
        catch (Exception e) when (e is ProtocolException or ArgumentException)
        {
            await Refusals.WriteAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Protocol, e.Message);
            return;
        }

        context.Response.ContentType = Routes.EventsMediaType;
        await using var events = new BuildEvents(context.Response, time);
        var end = await AcquireAsync(definition, events.Report, context.RequestAborted);
        audit.Write(Caller.Of(context).KeyId, "environment build", definition.Key.ToString(), end.Outcome);
        await events.EndAsync(end.Kind, end.Payload, context.RequestAborted);
    }

    public Task RemoveAsync(HttpContext context, string name)
    {
        if (!ContentHash.TryParse(name, out var key))
        {
            return Refusals.WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                RefusalReason.Protocol,
                "An environment is removed by its key, 64 hexadecimal digits."
            );
        }

        var removal = store.Remove(key);
        audit.Write(
            Caller.Of(context).KeyId,
            "environment remove",
            name,
            removal switch
            {
                Removal.Unknown => "unknown",
                Removal.InUse => "in use",
                _ => "done",
            }
        );
        switch (removal)
        {
            case Removal.Unknown:
                return Refusals.WriteAsync(
                    context,
                    StatusCodes.Status404NotFound,
                    RefusalReason.Protocol,
                    $"This host has no environment {name}. 'fal-serverless environment list' shows its environments."
                );
            case Removal.InUse:
                return Refusals.WriteAsync(
                    context,
                    StatusCodes.Status409Conflict,
                    RefusalReason.Host,
                    $"The environment {name} is in use, or being built, by this host or another. It can be removed once its workers "
                        + $"have ended."
                );
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
        }
    }

    private static async Task<EnvironmentDefinition> ReadAsync(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaximumRequest;
        var body = context.Request.BodyReader;
        ReadResult read;
        while (!(read = await body.ReadAsync(context.RequestAborted)).IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        try
        {
            var requirements = EnvironmentRequestCodec.Read(read.Buffer);
            return requirements.Length > 0
                ? new(RequirementSet.Read(requirements))
                : throw new ArgumentException("An environment has one requirement at least.");
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
    }

    private static EnvironmentRecord Record(StoredEnvironment environment) =>
        new()
        {
            Key = environment.Key,
            Requirements = environment.Manifest.Requirements,
            Packages = [.. environment.Manifest.Packages.Select(package => KeyValuePair.Create(package.Name, package.Version))],
            Bytes = environment.Bytes,
            Made = environment.Manifest.Made,
            LastUsed = environment.LastUsed,
            IsInUse = environment.IsInUse,
        };

    private static BuildEnd Refuse(RefusalReason reason, string message, string? requirement = null) =>
        new(
            InvocationEventKind.Refusal,
            RefusalCodec.Write(
                new()
                {
                    Reason = reason,
                    Message = message,
                    Requirement = requirement,
                }
            ),
            "failed"
        );

    // The build stops when the caller disconnects, unless others wait for it.
    private async Task<BuildEnd> AcquireAsync(EnvironmentDefinition definition, BuildLog log, CancellationToken cancellationToken)
    {
        try
        {
            EnvironmentRecord? built;
            using (await store.AcquireAsync(definition, log, cancellationToken))
            {
                built = store.List().Where(environment => environment.Key == definition.Key).Select(Record).FirstOrDefault();
            }

            // It was in use for what was asked here, if for nothing else.
            return built is null
                ? Refuse(RefusalReason.Host, $"The environment {definition.Key} was built, and is gone already.")
                : new(InvocationEventKind.Result, EnvironmentRecordCodec.Write(built with { IsInUse = false }), "done");
        }
        catch (EnvironmentBuildFailure e)
        {
            return Refuse(RefusalReason.EnvironmentBuild, e.Message, e.Requirement);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return Refuse(RefusalReason.Host, "The host is shutting down.") with
            {
                Outcome = cancellationToken.IsCancellationRequested ? "given up" : "failed",
            };
        }
    }

    /// <param name="Kind">The last event.</param>
    /// <param name="Payload">What it carries.</param>
    /// <param name="Outcome">For the audit log.</param>
    private sealed record BuildEnd(InvocationEventKind Kind, byte[] Payload, string Outcome);
}
