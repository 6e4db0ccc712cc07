using System.Collections.Concurrent;
using FalServerless.Packages;

namespace FalServerless.Runtime.Environments;

/// <summary>Remembers what requirements mean by the texts that came, so that a warm call reads and hashes none.</summary>
internal sealed class KnownDefinitions
{
    private const int MaximumCount = 1000;

    private readonly ConcurrentDictionary<IReadOnlyList<string>, EnvironmentDefinition> _definitions = new(new SameTexts());

    /// <exception cref="ArgumentException">They are no requirements, or contradict each other.</exception>
    public EnvironmentDefinition Find(IReadOnlyList<string> requirements)
    {
        if (_definitions.TryGetValue(requirements, out var known))
        {
            return known;
        }

        var definition = new EnvironmentDefinition(RequirementSet.Read(requirements));
        if (_definitions.Count >= MaximumCount)
        {
            _definitions.Clear();
        }

        return _definitions.GetOrAdd(requirements, definition);
    }

    private sealed class SameTexts : IEqualityComparer<IReadOnlyList<string>>
    {
        public bool Equals(IReadOnlyList<string>? x, IReadOnlyList<string>? y) =>
            x is not null && y is not null && x.SequenceEqual(y, StringComparer.Ordinal);

        public int GetHashCode(IReadOnlyList<string> obj)
        {
            var hash = default(HashCode);
            for (var i = 0; i < obj.Count; i++)
            {
                hash.Add(obj[i], StringComparer.Ordinal);
            }

            return hash.ToHashCode();
        }
    }
}
