using System.Reflection;
using FalServerless.Calls;
using FalServerless.Capture;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Tests.Shared.Fields;

/// <summary>A delegate as its call brings it to the other side, without one.</summary>
internal sealed class Arrival
{
    private static readonly ValueSerializer Serializer = new(
        TypeNames.OfThisProcess,
        new() { WritesDelegates = true, ReadsDelegates = true }
    );

    private readonly Delegate _body;
    private readonly object? _target;

    private Arrival(Delegate body, object? target)
    {
        _body = body;
        _target = target;
    }

    /// <exception cref="CaptureException">It cannot be sent.</exception>
    public static Arrival Of(Delegate body, params object?[] inputs) => Of(body, hasPackages: false, inputs);

    /// <exception cref="CaptureException">It cannot be sent.</exception>
    public static Arrival Of(Delegate body, bool hasPackages, object?[] inputs)
    {
        var function = FunctionCapture.Capture(body, takesContext: false);
        var payload = PayloadWriter.Write(function, Serializer, inputs, hasPackages);
        return new(body, Serializer.ReadAll(payload, function.Types)[^1]);
    }

    /// <summary>What the code gives over what arrived; a task's result is awaited.</summary>
    public object? Run() => Result(DelegateBinder.Closed(_body.GetType(), _body.Method, _target));

    public static object? Result(Delegate body)
    {
        var result = body.DynamicInvoke();
        return result is Task task ? Awaited(task) : result;
    }

    /// <summary>The object that the body calls this.</summary>
    public T This<T>()
    {
        var value = _target!;
        while (ClosureNames.IsClosure(value.GetType()))
        {
            value = value
                .GetType()
                .GetFields()
                .Where(field => ClosureNames.IsThis(field) || ClosureNames.IsClosure(field.FieldType))
                .Select(field => field.GetValue(value))
                .First(held => held is not null)!;
        }

        return (T)value;
    }

    private static object? Awaited(Task task)
    {
        task.Wait(TimeSpan.FromSeconds(10));
        return task.GetType().GetProperty("Result", BindingFlags.Instance | BindingFlags.Public)?.GetValue(task);
    }
}
