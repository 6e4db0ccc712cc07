using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Values;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace FalServerless.UnitTests.Serialization.Values;

public class FSharpTests
{
    [Fact]
    public void CollectionsOfFSharpArriveWholeAndUsable()
    {
        Travel.Equal(FSharpValues.Sample);
        Travel.Equal(FSharpValues.Numbers(0));
        Travel.Equal(FSharpValues.Numbers(10));
        Assert.Equal(49, Travel.RoundTrip(FSharpValues.Squares(10))[7]);
        Assert.Equal(30, Travel.RoundTrip(FSharpValues.Squares(30)).Add(0, 0).Remove(1).Count);
        Assert.Equal(FSharpValues.Describe(FSharpValues.Sample), FSharpValues.Describe(Travel.RoundTrip(FSharpValues.Sample)));
    }

    [Fact]
    public void KeysCompareThereByTheirOwnRule()
    {
        var map = new FSharpMap<FSharpValues.Caseless, int>([
            Tuple.Create(new FSharpValues.Caseless("Ada"), 1),
            Tuple.Create(new FSharpValues.Caseless("Bob"), 2),
        ]);

        var there = Travel.RoundTrip(map);

        Assert.True(there.ContainsKey(new("ADA")));
        Assert.Equal(2, there.Add(new("bob"), 3).Count);
    }

    [Fact]
    public void OptionsAndResultsArrive()
    {
        Travel.Equal(FSharpOption<int>.Some(3));
        Travel.Equal<FSharpOption<string>?>(null);
        Travel.Equal(FSharpValueOption<string>.Some("a"));
        Travel.Equal(FSharpValueOption<string>.None);
        Travel.Equal(FSharpResult<int, string>.NewOk(1));
        Travel.Equal(FSharpResult<int, string>.NewError("no"));
    }

    [Fact]
    public void ALongListIsNoDeepOne()
    {
        var there = Travel.RoundTrip(FSharpValues.Numbers(100_000));

        Assert.Equal(100_000, there.Length);
        Assert.True(there.Equals(FSharpValues.Numbers(100_000)));
    }

    [Fact]
    public void SharedCollectionsStayOneObject()
    {
        var (list, map) = (FSharpValues.Numbers(3), FSharpValues.Squares(3));
        var there = Travel.RoundTrip(new object[] { list, list, map, map });

        Assert.Same(there[0], there[1]);
        Assert.Same(there[2], there[3]);
    }

    [Fact]
    public void WhatCannotBeSentIsNamedByItsPlace()
    {
        var list = ListModule.OfSeq(new object[] { 1, new MemoryStream() });
        Assert.Equal("[1]", Assert.Throws<NotSendableException>(() => Travel.Bytes(list)).Path);
    }
}
