using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Methods;

/// <summary>
/// A body that is a delegate: <c>[delegate type, takes the context, [method, target type | true | nil]…]</c>. Several methods run one after
/// the other, and the last one's result counts. A target type means that the object is sent with each call; true means an object
/// without fields, which each side makes for itself.
/// </summary>
internal static class DelegateBody
{
    private const int LeastParts = 3;

    /// <summary>Far more handlers than one event has.</summary>
    private const int MostParts = 1024;

    /// <param name="output">Receives the body.</param>
    /// <param name="type">The type of the delegate.</param>
    /// <param name="takesContext">Whether its first parameter is the context, which the worker fills in.</param>
    /// <param name="calls">The methods, each with the type of the object that it is called on.</param>
    /// <exception cref="ArgumentException">A type has no name that another process could resolve.</exception>
    public static void Write(IBufferWriter<byte> output, Type type, bool takesContext, IReadOnlyList<BodyCall> calls)
    {
        var writer = new MessagePackWriter(output);
        var types = new TypeWriter();
        writer.WriteArrayHeader(LeastParts - 1 + calls.Count);
        types.Write(ref writer, type);
        writer.Write(takesContext);
        foreach (var call in calls)
        {
            writer.WriteArrayHeader(2);
            writer.Write(MethodCodec.Encode(call.Method));
            if (call.Target is null)
            {
                writer.WriteNil();
            }
            else if (call.IsMadeThere)
            {
                writer.Write(true);
            }
            else
            {
                types.Write(ref writer, call.Target);
            }
        }

        writer.Flush();
    }

    /// <summary>The body as a lambda: its parameters are the inputs, then the objects that methods are called on.</summary>
    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    /// <param name="names">Where types and assemblies are found.</param>
    /// <param name="context">Gives the context of the call.</param>
    /// <exception cref="ProtocolException">The bytes are not a body, or name what this side does not have.</exception>
    public static LambdaExpression Read(in ReadOnlySequence<byte> bytes, TypeNames names, Expression context)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            var lambda = Read(ref reader, names, context);
            return reader.End ? lambda : throw new ProtocolException($"{reader.Remaining} bytes follow the body's end.");
        }
        catch (Exception e) when (e is not ProtocolException)
        {
            // Only factories of nodes and lookups of types and methods run above: whatever they refuse, the message is to blame.
            throw new ProtocolException($"The body is not a valid delegate: {e.Message}", e);
        }
    }

    private static LambdaExpression Read(ref MessagePackReader reader, TypeNames names, Expression context)
    {
        var parts = reader.ReadArrayHeader();
        if (parts is < LeastParts or > MostParts)
        {
            throw new ProtocolException($"A delegate's body has {LeastParts} to {MostParts} parts, not {parts}.");
        }

        var types = new TypeReader(names);
        var type = types.Read(ref reader);
        var invoke =
            type.IsAssignableTo(typeof(Delegate)) && type.GetMethod("Invoke") is { ContainsGenericParameters: false } found
                ? found
                : throw new ProtocolException($"The body's type '{type}' is no delegate.");
        var takesContext = reader.ReadBoolean();
        var declared = invoke.GetParameters();
        if (takesContext && (declared.Length == 0 || !declared[0].ParameterType.IsAssignableFrom(context.Type)))
        {
            throw new ProtocolException($"The body's type '{type}' takes no context.");
        }

        var inputs = declared
            .Skip(takesContext ? 1 : 0)
            .Select(parameter => Expression.Parameter(parameter.ParameterType, parameter.Name))
            .ToArray();
        var arguments = takesContext ? [context, .. inputs] : inputs.ToArray<Expression>();
        var targets = new List<ParameterExpression>();
        var calls = new List<Expression>();
        for (var i = LeastParts - 1; i < parts; i++)
        {
            if (reader.ReadArrayHeader() != 2)
            {
                throw new ProtocolException("A call of a delegate's body has 2 parts.");
            }

            var method = MethodCodec.Decode(reader.ReadBytes() ?? throw new ProtocolException("A method is missing."), names);
            var target = ReadTarget(ref reader, types, method, targets);
            calls.Add(Call(type, method, target, arguments));
        }

        var result = calls[^1];
        if (result.Type != invoke.ReturnType)
        {
            calls[^1] = Expression.Convert(result, invoke.ReturnType);
        }

        return Expression.Lambda(calls.Count == 1 ? calls[0] : Expression.Block(calls), [.. inputs, .. targets]);
    }

    private static Expression? ReadTarget(
        ref MessagePackReader reader,
        TypeReader types,
        MethodInfo method,
        List<ParameterExpression> targets
    )
    {
        if (reader.TryReadNil())
        {
            return null;
        }

        if (reader.NextMessagePackType == MessagePackType.Boolean)
        {
            return
                reader.ReadBoolean()
                && method is { IsStatic: false, DeclaringType: { IsClass: true, IsAbstract: false } made }
                && BodyCall.HasNoFields(made)
                ? Expression.Constant(RuntimeHelpers.GetUninitializedObject(made), made)
                : throw new ProtocolException($"The object of the method '{method}' is missing.");
        }

        var target = Expression.Parameter(types.Read(ref reader), "target");
        targets.Add(target);
        return target;
    }

    private static Expression Call(Type type, MethodInfo method, Expression? target, Expression[] arguments)
    {
        if (target is not null && DelegateBinder.IsOverridden(method, target.Type))
        {
            var bind = ((Func<Type, MethodInfo, object?, Delegate>)DelegateBinder.Closed).Method;
            var bound = Expression.Call(
                bind,
                Expression.Constant(type),
                Expression.Constant(method, typeof(MethodInfo)),
                Expression.Convert(target, typeof(object))
            );
            return Expression.Invoke(Expression.Convert(bound, type), arguments);
        }

        if (target is not null && method.IsStatic)
        {
            return Expression.Call(method, Fitting(method, [target, .. arguments]));
        }

        return method.IsStatic ? Expression.Call(method, Fitting(method, arguments))
            : target is not null ? Expression.Call(As(target, method.DeclaringType!), method, Fitting(method, arguments))
            : arguments.Length > 0 ? Expression.Call(As(arguments[0], method.DeclaringType!), method, Fitting(method, arguments[1..]))
            : throw new ProtocolException($"The method '{method}' is called on no object.");
    }

    // A method may take more, and give less, than the delegate's type says.
    private static Expression[] Fitting(MethodInfo method, Expression[] arguments)
    {
        var parameters = method.GetParameters();
        return parameters.Length == arguments.Length
            ? [.. arguments.Zip(parameters, (argument, parameter) => As(argument, parameter.ParameterType))]
            : throw new ProtocolException($"The method '{method}' takes {parameters.Length} arguments, not {arguments.Length}.");
    }

    private static Expression As(Expression value, Type type) =>
        value.Type == type || type.IsByRef ? value : Expression.Convert(value, type);
}
