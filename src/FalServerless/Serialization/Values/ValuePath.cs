using System.Text;

namespace FalServerless.Serialization.Values;

/// <summary>
/// The way to a value, put together from its end. Of a way that is long, as through a chain of objects, only both ends are kept:
/// <c>Next.Next.Next.….Next</c>.
/// </summary>
internal sealed class ValuePath
{
    private const int KeptAtTheEnd = 4;
    private const int KeptAtTheBeginning = 12;

    // The last step first.
    private readonly List<string> _end = [];
    private readonly Queue<string> _beginning = new();
    private bool _isCut;

    public void Prepend(string step)
    {
        if (step.Length == 0)
        {
            return;
        }

        if (_end.Count < KeptAtTheEnd)
        {
            _end.Add(step);
            return;
        }

        if (_beginning.Count == KeptAtTheBeginning)
        {
            _beginning.Dequeue();
            _isCut = true;
        }

        _beginning.Enqueue(step);
    }

    public override string ToString()
    {
        var path = new StringBuilder();
        foreach (var step in _beginning.Reverse())
        {
            Append(path, step);
        }

        if (_isCut)
        {
            Append(path, "…");
        }

        for (var i = _end.Count - 1; i >= 0; i--)
        {
            Append(path, _end[i]);
        }

        return path.ToString();
    }

    private static void Append(StringBuilder path, string step) => path.Append(path.Length == 0 || step[0] == '[' ? "" : ".").Append(step);
}
