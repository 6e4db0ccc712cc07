using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The objects of one message and their positions, by identity. A few are looked through one by one; a hash table is made only for more.
/// Reused between messages, so a small one allocates nothing.
/// </summary>
internal sealed class ReferenceTable
{
    private const int Few = 8;
    private const int KeptCapacity = 4096;

    private object[] _objects = new object[16];
    private long[] _positions = new long[16];
    private int[] _buckets = [];
    private int[] _next = [];
    private int _count;

    /// <summary>The position of an object that is known; else -1, and it is known from now on.</summary>
    public long GetOrAdd(object value, long position)
    {
        if (_count <= Few)
        {
            for (var i = 0; i < _count; i++)
            {
                if (ReferenceEquals(_objects[i], value))
                {
                    return _positions[i];
                }
            }

            if (_count < Few)
            {
                Add(value, position);
                return -1;
            }

            Rebuild();
        }

        ref var bucket = ref BucketOf(value);
        for (var i = bucket - 1; i >= 0; i = _next[i] - 1)
        {
            if (ReferenceEquals(_objects[i], value))
            {
                return _positions[i];
            }
        }

        Add(value, position);
        if (_objects.Length != _next.Length)
        {
            Rebuild();
        }
        else
        {
            Link(_count - 1);
        }

        return -1;
    }

    public void Clear()
    {
        if (_objects.Length > KeptCapacity)
        {
            _objects = new object[16];
            _positions = new long[16];
            _buckets = [];
            _next = [];
        }
        else
        {
            Array.Clear(_objects, 0, _count);
        }

        _count = 0;
    }

    private void Add(object value, long position)
    {
        if (_count == _objects.Length)
        {
            Array.Resize(ref _objects, _count * 2);
            Array.Resize(ref _positions, _count * 2);
        }

        _objects[_count] = value;
        _positions[_count++] = position;
    }

    private void Rebuild()
    {
        if (_next.Length != _objects.Length)
        {
            _buckets = new int[_objects.Length];
            _next = new int[_objects.Length];
        }
        else
        {
            Array.Clear(_buckets);
        }

        for (var i = 0; i < _count; i++)
        {
            Link(i);
        }
    }

    private void Link(int index)
    {
        ref var bucket = ref BucketOf(_objects[index]);
        _next[index] = bucket;
        bucket = index + 1;
    }

    private ref int BucketOf(object value) => ref _buckets[RuntimeHelpers.GetHashCode(value) & (_buckets.Length - 1)];
}
