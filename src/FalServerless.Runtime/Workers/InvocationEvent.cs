using System.Buffers;
using FalServerless.Protocol;

namespace FalServerless.Runtime.Workers;

/// <summary>One event on its way from a worker to the caller. The bytes are rented: whoever takes it disposes it.</summary>
internal readonly struct InvocationEvent(InvocationEventKind kind, byte[] rented, int length) : IDisposable
{
    public InvocationEventKind Kind => kind;

    public ReadOnlySpan<byte> Payload => rented.AsSpan(0, length);

    public bool IsLast => kind != InvocationEventKind.Log;

    public static InvocationEvent Copy(InvocationEventKind kind, ReadOnlySpan<byte> payload)
    {
        var rented = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(rented);
        return new(kind, rented, payload.Length);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
}
