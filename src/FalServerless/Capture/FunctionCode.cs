using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;

namespace FalServerless.Capture;

/// <summary>What makes a function the same function: its body and its assemblies, by content.</summary>
internal sealed class FunctionCode
{
    private readonly AssemblyClosure _assemblies;

    public FunctionCode(BodyKind kind, ReadOnlyMemory<byte> body, AssemblyClosure assemblies)
    {
        _assemblies = assemblies;
        var manifest = FunctionManifestCodec.Write(
            new()
            {
                Kind = kind,
                Body = body,
                Assemblies = assemblies.References,
                Files = assemblies.Files,
                Program = assemblies.Program,
            }
        );
        Manifest = new(manifest);
        Identity = ContentHash.Of(manifest);
        Types = new(assemblies.Find);
    }

    public ContentHash Identity { get; }

    public ReadOnlySequence<byte> Manifest { get; }

    /// <summary>Resolves what a result may name: types of the function's own assemblies and of the framework.</summary>
    public TypeNames Types { get; }

    /// <summary>Refuses what hot reload has changed since: the body names methods, and the worker would run those of the files.</summary>
    /// <exception cref="CaptureException">An assembly that the body needs was changed.</exception>
    public void ThrowIfReloaded()
    {
        if (
            HotReload.IsAnythingChanged
            && _assemblies.Paths.Select(HotReload.Refuse).FirstOrDefault(refusal => refusal is not null) is { } refusal
        )
        {
            throw CaptureErrors.OfBody(refusal);
        }
    }

    /// <summary>The file of some content that the host asked for.</summary>
    /// <exception cref="ProtocolException">The function has no such content.</exception>
    public string FileOf(ContentHash content) => _assemblies.FileOf(content);
}
