namespace FalServerless.Calls;

/// <summary>Inputs that are there without waiting.</summary>
internal sealed class SynchronousInputs<T>(IEnumerable<T> inputs) : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(inputs.GetEnumerator());

    private sealed class Enumerator(IEnumerator<T> inputs) : IAsyncEnumerator<T>
    {
        public T Current => inputs.Current;

        public ValueTask<bool> MoveNextAsync() => new(inputs.MoveNext());

        public ValueTask DisposeAsync()
        {
            inputs.Dispose();
            return default;
        }
    }
}
