using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Runtime.Environments;
using FalServerless.Runtime.Keys;
using FalServerless.Serialization.MessagePack;
using Microsoft.AspNetCore.Http;

namespace FalServerless.Runtime.Gateway;

/// <summary>Shows the environments, and removes one.</summary>
internal sealed class EnvironmentEndpoints(EnvironmentStore store, AuditLog audit)
{
    private const int Parts = 7;

    public async Task ListAsync(HttpContext context)
    {
        var body = Write(store.List());
        context.Response.ContentType = Routes.MessageMediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public Task RemoveAsync(HttpContext context, string name)
    {
        if (!ContentHash.TryParse(name, out var key))
        {
            return Refusals.WriteAsync(context, StatusCodes.Status400BadRequest, RefusalReason.Protocol, "An environment is removed by its key, 64 hexadecimal digits.");
        }

        var removal = store.Remove(key);
        audit.Write(Caller.Of(context).KeyId, "environment remove", name, removal switch { Removal.Unknown => "unknown", Removal.InUse => "in use", _ => "done" });
        switch (removal)
        {
            case Removal.Unknown:
                return Refusals.WriteAsync(context, StatusCodes.Status404NotFound, RefusalReason.Protocol, $"This host has no environment {name}.");
            case Removal.InUse:
                return Refusals.WriteAsync(context, StatusCodes.Status409Conflict, RefusalReason.Host, $"The environment {name} is in use, or being built, by this host or another. It can be removed once its workers have ended.");
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
        }
    }

    private static ReadOnlyMemory<byte> Write(IReadOnlyList<StoredEnvironment> environments)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(environments.Count);
        foreach (var environment in environments)
        {
            writer.WriteMapHeader(Parts);
            writer.Write("key");
            writer.Write(environment.Key.Bytes);
            writer.Write("requirements");
            writer.WriteArrayHeader(environment.Manifest.Requirements.Count);
            foreach (var requirement in environment.Manifest.Requirements)
            {
                writer.Write(requirement);
            }

            writer.Write("packages");
            writer.WriteMapHeader(environment.Manifest.Packages.Count);
            foreach (var package in environment.Manifest.Packages)
            {
                writer.Write(package.Name);
                writer.Write(package.Version);
            }

            writer.Write("bytes");
            writer.Write(environment.Bytes);
            writer.Write("made");
            writer.Write(environment.Manifest.Made.UtcDateTime);
            writer.Write("lastUsed");
            writer.Write(environment.LastUsed.UtcDateTime);
            writer.Write("inUse");
            writer.Write(environment.IsInUse);
        }

        writer.Flush();
        return output.WrittenMemory;
    }
}
