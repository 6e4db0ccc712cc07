namespace FalServerless.Serialization.Values;

/// <summary>Runs a lazy sequence; an endless one is given up.</summary>
internal static class SequenceItems
{
    public static List<T> Of<T>(IEnumerable<T> sequence, ValueLimits limits)
    {
        var list = new List<T>();
        foreach (var item in sequence)
        {
            if (list.Count == limits.MaximumItems)
            {
                throw new NotSendableException(
                    sequence.GetType(),
                    $"it gave {limits.MaximumItems} items and has more",
                    "Take a part of it with Take(…)"
                );
            }

            list.Add(item);
        }

        return list;
    }
}
