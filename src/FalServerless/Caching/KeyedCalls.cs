using System.Buffers;
using System.Security.Cryptography;
using FalServerless.Protocol;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Values;

namespace FalServerless.Caching;

/// <summary>The calls of one cached function: each with the captured variables and inputs of its moment as the key.</summary>
internal sealed class KeyedCalls<TResult>
{
    /// <summary>Longer keys are kept as their hash.</summary>
    private const int LongestKey = 256;

    /// <summary>No value begins with it, so no hash is taken for one.</summary>
    private const byte HashMark = 0xC1;

    private readonly Delegate _body;
    private readonly FunctionCache<TResult> _cache;
    private readonly Type[] _types;
    private readonly bool _captures;

    public KeyedCalls(Delegate body)
    {
        _body = body;
        _cache = CacheStore.OfThisProcess.Of<TResult>(body);
        _captures =
            !body.HasSingleTarget || (DelegateParts.IsClosed(body) && !new BodyCall(body.Method, body.Target?.GetType()).IsMadeThere);
        var inputs = body.GetType().GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType);
        _types = _captures ? [body.GetType(), .. inputs] : [.. inputs];
    }

    /// <summary>Whether all calls have the same result: there is nothing that could tell them apart.</summary>
    public bool IsOne => _types.Length == 0;

    /// <param name="compute">The function.</param>
    /// <param name="kept">Gets the entry, so that the next call need not look for it.</param>
    public TResult InvokeOne(Func<TResult> compute, ref CacheEntry<TResult>? kept)
    {
        var value = _cache.Invoke([], compute, out var entry);
        kept = entry;
        return value;
    }

    /// <param name="inputs">The inputs.</param>
    /// <param name="compute">The function with these inputs.</param>
    public TResult Invoke(ReadOnlySpan<object?> inputs, Func<TResult> compute)
    {
        var key = SegmentedBuffer.Rent();
        Span<byte> hashed = stackalloc byte[1 + SHA256.HashSizeInBytes];
        Span<byte> copied = stackalloc byte[LongestKey];
        scoped Span<byte> bytes;
        try
        {
            Write(key, inputs);
            if (key.Length <= LongestKey)
            {
                key.Written.CopyTo(copied);
                bytes = copied[..(int)key.Length];
            }
            else
            {
                hashed[0] = HashMark;
                Hash(key.Written, hashed[1..]);
                bytes = hashed;
            }
        }
        finally
        {
            key.Return();
        }

        return _cache.Invoke(bytes, compute, out _);
    }

    private static void Hash(in ReadOnlySequence<byte> bytes, Span<byte> hash)
    {
        using var hashing = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var piece in bytes)
        {
            hashing.AppendData(piece.Span);
        }

        hashing.GetHashAndReset(hash);
    }

    private void Write(SegmentedBuffer key, ReadOnlySpan<object?> inputs)
    {
        try
        {
            if (_captures)
            {
                KeyValues.Serializer.WriteAll(key, _types, [_body, .. inputs], ClosureFieldUsage.None);
            }
            else
            {
                KeyValues.Serializer.WriteAll(key, _types, inputs, ClosureFieldUsage.None);
            }
        }
        catch (NotSendableException e)
        {
            throw CacheKeyErrors.Of(_body, _captures ? e.Index - 1 : e.Index, e);
        }
        catch (BufferLimitException e)
        {
            throw new CaptureException(
                $"The captured variables and inputs of a cached function ({CodeName.Of(_body.Method)}) take more than {e.Limit} "
                    + $"bytes, and cannot be compared by value. Pass what they are made from, such as a path.",
                innerException: e
            );
        }
    }
}
