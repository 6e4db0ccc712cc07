using System.Reflection;
using System.Runtime.CompilerServices;

namespace FalServerless.Serialization.Expressions;

/// <summary>
/// A member by names and types only, never by a metadata token, so that another patch of its assembly still has it.
/// What comes after the name is there only where the name alone leaves a choice.
/// </summary>
/// <param name="Kind">Method, constructor, field or property.</param>
/// <param name="Declaring">The type that declares it, constructed if it is generic.</param>
/// <param name="Name">Null for a constructor.</param>
/// <param name="Arity">How many type parameters the method has.</param>
/// <param name="Arguments">Their arguments; null for a method that is not generic, and for a generic definition.</param>
/// <param name="Parameters">The types of the parameters, as they are with the type arguments filled in.</param>
/// <param name="Result">The type of the result: conversion operators differ in nothing else.</param>
/// <param name="Text">The definition in reflection's words: in <c>G&lt;int&gt;</c> the overloads <c>M(T)</c> and <c>M(int)</c> look the
/// same otherwise.</param>
internal sealed record MemberSpelling(
    MemberTypes Kind,
    Type Declaring,
    string? Name,
    int Arity = 0,
    Type[]? Arguments = null,
    Type[]? Parameters = null,
    Type? Result = null,
    string? Text = null
)
{
    private static readonly ConditionalWeakTable<MemberInfo, MemberSpelling> Spellings = [];

    public static MemberSpelling Of(MemberInfo member) =>
        Spellings.TryGetValue(member, out var known) ? known : Spellings.GetValue(member, Spell);

    public bool Equals(MemberSpelling? other) =>
        other is not null
        && Kind == other.Kind
        && Declaring == other.Declaring
        && Name == other.Name
        && Arity == other.Arity
        && Result == other.Result
        && Text == other.Text
        && Same(Arguments, other.Arguments)
        && Same(Parameters, other.Parameters);

    public override int GetHashCode()
    {
        var hash = HashCode.Combine(Kind, Declaring, Name, Arity, Result, Arguments?.Length, Parameters?.Length);
        foreach (var type in Parameters ?? [])
        {
            hash = HashCode.Combine(hash, type);
        }

        foreach (var type in Arguments ?? [])
        {
            hash = HashCode.Combine(hash, type);
        }

        return hash;
    }

    private static bool Same(Type[]? left, Type[]? right) =>
        left is null ? right is null : right is not null && left.AsSpan().SequenceEqual(right);

    private static MemberSpelling Spell(MemberInfo member)
    {
        if (member.DeclaringType is not { } declaring || member is MethodBase { IsStatic: true, IsConstructor: true })
        {
            throw new ExpressionNotSendableException($"'{member}' belongs to no type that another process could resolve it in.");
        }

        var method = member as MethodInfo;
        var name = new MemberSpelling(
            member.MemberType,
            declaring,
            member is ConstructorInfo ? null : member.Name,
            method is { IsGenericMethod: true } ? method.GetGenericArguments().Length : 0,
            method is { IsGenericMethod: true, IsGenericMethodDefinition: false } ? method.GetGenericArguments() : null
        );

        // Types that mention a type parameter have no name; the definition's text does for them.
        var parameters = MemberLookup.ParametersOf(member);
        var result = MemberLookup.ResultOf(member);
        var spelling = name;
        for (var more = 0; MemberLookup.Count(spelling) > 1; more++)
        {
            spelling = more switch
            {
                0 => Array.Exists(parameters, type => type.ContainsGenericParameters)
                    ? spelling
                    : spelling with
                    {
                        Parameters = parameters,
                    },
                1 => result.ContainsGenericParameters ? spelling : spelling with { Result = result },
                2 => name with { Text = MemberLookup.TextOf(member) },
                _ => throw new ExpressionNotSendableException(
                    $"'{declaring}' has several members '{member}' that nothing tells apart by name."
                ),
            };
        }

        return spelling;
    }
}
