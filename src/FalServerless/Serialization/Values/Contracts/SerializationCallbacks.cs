using System.Reflection;
using System.Runtime.Serialization;
using FalServerless.Serialization.Types;

namespace FalServerless.Serialization.Values;

/// <summary>The methods by which objects of a user's type take part in their own serialization, base classes' first.</summary>
internal sealed class SerializationCallbacks
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Type _type;
    private readonly List<MethodInfo> _onSerializing = [];
    private readonly List<MethodInfo> _onSerialized = [];
    private readonly List<MethodInfo> _onDeserializing = [];
    private readonly List<MethodInfo> _onDeserialized = [];
    private readonly bool _isCalledAtTheEnd;

    private SerializationCallbacks(Type type, bool hasConstructor)
    {
        _type = type;
        var levels = new Stack<Type>();
        for (var level = type; level is not null && !FrameworkTypes.Contains(level); level = level.BaseType)
        {
            levels.Push(level);
        }

        foreach (var method in levels.SelectMany(level => level.GetMethods(Declared)))
        {
            AddIfMarked<OnSerializingAttribute>(method, _onSerializing);
            AddIfMarked<OnSerializedAttribute>(method, _onSerialized);
            AddIfMarked<OnDeserializingAttribute>(method, _onDeserializing);
            AddIfMarked<OnDeserializedAttribute>(method, _onDeserialized);
        }

        // A framework's base class finishes there what its own such constructor began.
        _isCalledAtTheEnd = hasConstructor
            ? type.IsAssignableTo(typeof(IDeserializationCallback))
            : UserContract.Implements(type, typeof(IDeserializationCallback));
    }

    private bool HasAny =>
        _isCalledAtTheEnd || _onSerializing.Count + _onSerialized.Count + _onDeserializing.Count + _onDeserialized.Count > 0;

    /// <summary>The callbacks of a type; null where it has none, which is nearly always so.</summary>
    /// <param name="type">The type.</param>
    /// <param name="hasConstructor">Whether a constructor of its own rebuilds its objects.</param>
    /// <exception cref="NotSendableException">A marked method cannot be called as serializers call it.</exception>
    public static SerializationCallbacks? Find(Type type, bool hasConstructor = false) =>
        new SerializationCallbacks(type, hasConstructor) is { HasAny: true } callbacks ? callbacks : null;

    public void BeforeWriting(object value) => Run(_onSerializing, value, UserContract.Writing);

    public void AfterWriting(object value) => Run(_onSerialized, value, UserContract.Writing);

    public void BeforeReading(object value) => Run(_onDeserializing, value, UserContract.Reading);

    /// <summary>
    /// To be called when the object's own graph is there; its callbacks for the end of the message wait for that.
    /// </summary>
    public void AfterReading(object value, ReadSession session)
    {
        Run(_onDeserialized, value, UserContract.Reading);
        if (!_isCalledAtTheEnd)
        {
            return;
        }

        // A boxed struct is copied into its slot at once: later would be too late.
        if (_type.IsValueType)
        {
            Complete(value);
        }
        else
        {
            session.AtTheEnd(() => Complete(value));
        }
    }

    private void Complete(object value) =>
        UserContract.Reading(
            _type,
            nameof(IDeserializationCallback.OnDeserialization),
            () => ((IDeserializationCallback)value).OnDeserialization(null)
        );

    private void Run(List<MethodInfo> methods, object value, Action<Type, string, Action> guarded)
    {
        foreach (var method in methods)
        {
            guarded(_type, method.Name, () => method.Invoke(value, BindingFlags.DoNotWrapExceptions, null, [UserContract.Context], null));
        }
    }

    private void AddIfMarked<TAttribute>(MethodInfo method, List<MethodInfo> methods)
        where TAttribute : Attribute
    {
        if (!method.IsDefined(typeof(TAttribute), inherit: false))
        {
            return;
        }

        if (method.ContainsGenericParameters || method.GetParameters() is not [{ } only] || only.ParameterType != typeof(StreamingContext))
        {
            throw new NotSendableException(
                _type,
                $"its method '{method.Name}' is marked [{typeof(TAttribute).Name[..^nameof(Attribute).Length]}], but does not take "
                    + $"one {nameof(StreamingContext)}",
                $"Give the method one parameter of type {nameof(StreamingContext)}"
            );
        }

        methods.Add(method);
    }
}
