using System.Buffers;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Types;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A tree as a value: <c>[[free variable…], [type, whether constant, value, …], tree]</c>. The values are what it captures: constants there
/// too, or variables that have boxes of their own; the tree is a body's, with a parameter for each of the former. Neither side compiles or
/// runs anything of it.
/// </summary>
internal sealed class ExpressionFormatter<T>(FormatterResolver formatters) : ReferenceFormatter<T>
    where T : Expression
{
    private const int BytesPerVariable = 16;
    private const int PartsPerValue = 3;

    // Of a lambda, the delegate that it becomes when it is compiled.
    private static readonly Type? DelegateType = typeof(T).IsConstructedGenericType ? typeof(T).GetGenericArguments()[0] : null;

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var tree = (Expression)value;
        var parts = Refusing(tree, static (tree, _) => TreeParts.Of(tree), session.Names);

        // A tree can be built only from what it captures: none of that may lead back to it.
        session.Begin(value);
        writer.WriteArrayHeader(3);
        writer.WriteArrayHeader(parts.Free.Count);
        foreach (var variable in parts.Free)
        {
            formatters.For<ParameterExpression?>().Write(ref writer, variable, session);
        }

        writer.WriteArrayHeader(PartsPerValue * parts.Captured.Count);
        foreach (var variable in parts.Captured)
        {
            WriteCaptured(ref writer, variable, session);
        }

        writer.Write(Refusing(tree, (_, names) => Bytes(parts.Lambda, names), session.Limits.IsOnlyCompared ? null : session.Names).Span);
        session.Finish();
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        Expect(reader.ReadArrayHeader() == 3, "has three parts");
        var free = new ParameterExpression[Count(ref reader, session)];
        for (var i = 0; i < free.Length; i++)
        {
            free[i] =
                formatters.For<ParameterExpression?>().Read(ref reader, session)
                ?? throw new ProtocolException("A tree lacks one of its variables.");
        }

        var count = Count(ref reader, session);
        Expect(count % PartsPerValue == 0, "gives each value a type");
        var captured = new Expression[count / PartsPerValue];
        for (var i = 0; i < captured.Length; i++)
        {
            var type = session.Types.Read(ref reader);
            var isConstant = reader.ReadBoolean();
            var value = formatters.For(type).ReadSlot(ref reader, session);
            captured[i] = isConstant ? Expression.Constant(value, type) : Variable(value, type);
        }

        var bytes = reader.ReadBytes() ?? throw new ProtocolException("A tree is missing.");
        return ExpressionReader.ReadTree(bytes, session.Names, [.. free, .. captured], DelegateType) as T
            ?? throw new ProtocolException($"The message holds a tree that is no '{typeof(T)}'.");
    }

    private void WriteCaptured(ref MessagePackWriter writer, CapturedVariable variable, WriteSession session)
    {
        try
        {
            if (variable.IsClosure)
            {
                throw new NotSendableException(
                    variable.Type,
                    "the expression uses a compiler's closure as an object",
                    "Build it with the values themselves (Expression.Constant)"
                );
            }

            session.WriteType(ref writer, variable.Type);
            writer.Write(variable.IsConstant);
            formatters.For(variable.Type).WriteSlot(ref writer, variable.Read(), session);
        }
        catch (NotSendableException e) when (e.Within(variable.Name))
        {
            throw;
        }
    }

    // As in a closure: a tree may put something else into it.
    private static MemberExpression Variable(object? value, Type type)
    {
        var box = (IStrongBox)Activator.CreateInstance(typeof(StrongBox<>).MakeGenericType(type))!;
        box.Value = value;
        return Expression.Field(Expression.Constant(box), nameof(StrongBox<>.Value));
    }

    private static ReadOnlyMemory<byte> Bytes(LambdaExpression lambda, TypeNames? names)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ExpressionWriter.Write(bytes, lambda, names);
        return bytes.WrittenMemory;
    }

    private static TResult Refusing<TResult>(Expression tree, Func<Expression, TypeNames?, TResult> step, TypeNames? names)
    {
        try
        {
            return step(tree, names);
        }
        catch (ExpressionNotSendableException e)
        {
            throw new NotSendableException(typeof(T), e.Reason, e.Suggestion);
        }
        catch (UnnamedTypeException e)
        {
            throw new NotSendableException(e.Type, e.Reason, e.Suggestion);
        }
    }

    private static int Count(ref MessagePackReader reader, ReadSession session)
    {
        var count = session.Claim(ref reader, reader.ReadArrayHeader(), BytesPerVariable);
        Expect(count <= PartsPerValue * TreeGuard.MaximumParameters, $"has at most {TreeGuard.MaximumParameters} variables");
        return count;
    }

    private static void Expect(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new ProtocolException($"An expression as a value {what}.");
        }
    }
}
