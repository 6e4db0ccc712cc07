using System.Linq.Expressions;

namespace FalServerless.Serialization.Expressions;

/// <content>Lambdas, and the parameters and labels that are one object however often they occur.</content>
internal ref partial struct ExpressionReader
{
    private LambdaExpression ReadRoot()
    {
        var rest = Between(_reader.ReadArrayHeader(), 2, 5);
        var parameters = ReadDeclarations();
        var body = ReadNode();
        return ReadRest(rest - 2, parameters, body, delegateType: null);
    }

    private Expression ReadTree(Expression[] given, Type? delegateType)
    {
        var rest = Between(_reader.ReadArrayHeader(), 2, 5);
        var parameters = ReadDeclarations();
        var own = parameters.Length - given.Length;
        if (own < 0 || (own > 0 && delegateType is null))
        {
            throw new ProtocolException($"The tree has {parameters.Length} variables, and {given.Length} have a value.");
        }

        if (given.Length > 0)
        {
            _given = [];
            for (var i = 0; i < given.Length; i++)
            {
                _given[parameters[own + i]] = given[i];
            }
        }

        var body = ReadNode();
        var lambda = delegateType is null ? null : ReadRest(rest - 2, parameters[..own], body, delegateType);
        if (lambda is null && rest > 2)
        {
            throw new ProtocolException("A tree that is no lambda has no more than a body.");
        }

        return lambda ?? body;
    }

    private readonly Expression Given(ParameterExpression parameter) =>
        _given is not null && _given.TryGetValue(parameter, out var given) ? given : parameter;

    private LambdaExpression ReadLambda(int rest)
    {
        var parameters = ReadDeclarations();
        var body = ReadNode();
        var delegateType = rest > 2 ? ReadOptionalType() : null;
        return ReadRest(rest - 3, parameters, body, delegateType);
    }

    private LambdaExpression ReadRest(int rest, ParameterExpression[] parameters, Expression body, Type? delegateType)
    {
        var returnType = rest > 0 ? ReadType() : body.Type;
        var name = rest > 1 ? _reader.ReadString() : null;
        var tailCall = rest > 2 && _reader.ReadBoolean();
        return Expression.Lambda(delegateType ?? InferDelegate(parameters, returnType), body, name, tailCall, parameters);
    }

    private static Type InferDelegate(ParameterExpression[] parameters, Type returnType) =>
        Expression.GetDelegateType([
            .. parameters.Select(parameter => parameter.IsByRef ? parameter.Type.MakeByRefType() : parameter.Type),
            returnType,
        ]);

    private ParameterExpression[] ReadDeclarations()
    {
        var count = _reader.ReadArrayHeader();
        if (count > TreeGuard.MaximumParameters)
        {
            throw new ProtocolException($"A scope declares at most {TreeGuard.MaximumParameters} variables, not {count}.");
        }

        var parameters = count == 0 ? [] : new ParameterExpression[count];
        for (var i = 0; i < count; i++)
        {
            parameters[i] = ReadDeclaration();
        }

        return parameters;
    }

    private ParameterExpression ReadDeclaration()
    {
        if (!_reader.TryReadArrayHeader(out var count))
        {
            return ReadReference();
        }

        var type = ReadType();
        var parameter = Expression.Parameter(type, Between(count, 1, 2) == 2 ? _reader.ReadString() : null);
        (_parameters ??= []).Add(parameter);
        return parameter;
    }

    private ParameterExpression ReadReference()
    {
        var number = _reader.ReadUInt32();
        return number < (_parameters?.Count ?? 0)
            ? _parameters![(int)number]
            : throw new ProtocolException($"The body uses its variable {number}, but has declared {_parameters?.Count ?? 0} so far.");
    }

    private LabelTarget ReadTarget()
    {
        if (_reader.TryReadArrayHeader(out var count))
        {
            var type = ReadType();
            var label = Expression.Label(type, Between(count, 1, 2) == 2 ? _reader.ReadString() : null);
            (_labels ??= []).Add(label);
            return label;
        }

        var number = _reader.ReadUInt32();
        return number < (_labels?.Count ?? 0)
            ? _labels![(int)number]
            : throw new ProtocolException($"The body uses its label {number}, but has named {_labels?.Count ?? 0} so far.");
    }

    private LabelTarget? ReadOptionalTarget() => _reader.TryReadNil() ? null : ReadTarget();
}
