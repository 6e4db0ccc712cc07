using FalServerless.Serialization.Methods;

namespace FalServerless.Serialization.Values;

/// <summary>
/// An object of which only some fields are written, as the code that gets it uses no other. The code was followed from one variable:
/// where the message leads to the object, or to a closure on the way to it, by a second way, all fields are written.
/// </summary>
/// <param name="value">The object.</param>
/// <param name="fields">What is written of it.</param>
/// <param name="closures">The closures on the way to it.</param>
internal sealed class PartialObject(object value, FieldSet fields, IReadOnlyList<object> closures)
{
    public FieldSet Fields => fields;

    public object Value => value;

    public bool Concerns(object other)
    {
        if (ReferenceEquals(value, other))
        {
            return true;
        }

        foreach (var closure in closures)
        {
            if (ReferenceEquals(closure, other))
            {
                return true;
            }
        }

        return false;
    }
}
