using System.Linq.Expressions;

namespace FalServerless.Serialization.Expressions;

/// <content>Lambdas, and the parameters and labels that are one object however often they occur.</content>
internal ref partial struct ExpressionWriter
{
    // The root has no delegate type on the wire: it is never called by one, and past 16 parameters no other process could name it.
    private void WriteRoot(LambdaExpression lambda, IReadOnlyList<ParameterExpression> parameters, Expression body)
    {
        var count = lambda switch
        {
            { TailCall: true } => 5,
            { Name: not null } => 4,
            _ => lambda.ReturnType == body.Type ? 2 : 3,
        };
        _writer.WriteArrayHeader(count);
        WriteParametersAndBody(parameters, body);
        WriteRest(lambda, count - 2);
    }

    private void WriteLambda(LambdaExpression lambda)
    {
        var inferred = IsInferred(lambda);
        var count = lambda switch
        {
            { TailCall: true } => 7,
            { Name: not null } => 6,
            _ => inferred && lambda.ReturnType == lambda.Body.Type ? 3
            : inferred ? 5
            : 4,
        };
        WriteHeader(count, ExpressionType.Lambda);
        WriteParametersAndBody(lambda.Parameters, lambda.Body);
        if (count > 3)
        {
            WriteOptionalType(inferred ? null : lambda.Type);
            WriteRest(lambda, count - 4);
        }
    }

    private void WriteParametersAndBody(IReadOnlyList<ParameterExpression> parameters, Expression body)
    {
        if (parameters.Count > TreeGuard.MaximumParameters)
        {
            throw new ExpressionNotSendableException(
                $"The lambda has {parameters.Count} parameters and captured variables; {TreeGuard.MaximumParameters} can be sent."
            );
        }

        WriteDeclarations(parameters);
        WriteNode(body);
    }

    private void WriteRest(LambdaExpression lambda, int count)
    {
        if (count > 0)
        {
            WriteType(lambda.ReturnType);
        }

        if (count > 1)
        {
            _writer.Write(lambda.Name);
        }

        if (count > 2)
        {
            _writer.Write(lambda.TailCall);
        }
    }

    private static bool IsInferred(LambdaExpression lambda)
    {
        var signature = new Type[lambda.Parameters.Count + 1];
        for (var i = 0; i < lambda.Parameters.Count; i++)
        {
            var parameter = lambda.Parameters[i];
            signature[i] = parameter.IsByRef ? parameter.Type.MakeByRefType() : parameter.Type;
        }

        signature[^1] = lambda.ReturnType;
        try
        {
            return lambda.Type == Expression.GetDelegateType(signature);
        }
        catch (PlatformNotSupportedException)
        {
            // Only a type made at run time would have this signature, and this program makes none.
            return false;
        }
    }

    private void WriteDeclarations(IReadOnlyList<ParameterExpression> parameters)
    {
        _writer.WriteArrayHeader(parameters.Count);
        for (var i = 0; i < parameters.Count; i++)
        {
            WriteDeclaration(parameters[i]);
        }
    }

    private void WriteDeclaration(ParameterExpression parameter)
    {
        _parameters ??= [];
        if (_parameters.TryGetValue(parameter, out var number))
        {
            _writer.Write(number);
            return;
        }

        // Names are for people: those that the compiler made up ("<>h__TransparentIdentifier0") are of no use.
        var name = parameter.Name is ['<', ..] ? null : parameter.Name;
        _parameters.Add(parameter, _parameters.Count);
        _writer.WriteArrayHeader(name is null ? 1 : 2);
        WriteType(parameter.IsByRef ? parameter.Type.MakeByRefType() : parameter.Type);
        if (name is not null)
        {
            _writer.Write(name);
        }
    }

    private void WriteReference(ParameterExpression parameter)
    {
        if (_parameters is null || !_parameters.TryGetValue(parameter, out var number))
        {
            throw new ExpressionNotSendableException(
                $"The expression uses the variable '{parameter.Name}' of the type '{parameter.Type}', which nothing around it declares."
            );
        }

        _writer.Write(number);
    }

    private void WriteTarget(LabelTarget label)
    {
        _labels ??= [];
        if (_labels.TryGetValue(label, out var number))
        {
            _writer.Write(number);
            return;
        }

        _labels.Add(label, _labels.Count);
        _writer.WriteArrayHeader(label.Name is null ? 1 : 2);
        WriteType(label.Type);
        if (label.Name is not null)
        {
            _writer.Write(label.Name);
        }
    }

    private void WriteOptionalTarget(LabelTarget? label)
    {
        if (label is null)
        {
            _writer.WriteNil();
        }
        else
        {
            WriteTarget(label);
        }
    }

    private void WriteOptionalType(Type? type)
    {
        if (type is null)
        {
            _writer.WriteNil();
        }
        else
        {
            WriteType(type);
        }
    }
}
