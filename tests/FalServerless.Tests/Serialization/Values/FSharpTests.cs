using FalServerless.Serialization.Values;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace FalServerless.Tests.Serialization.Values;

public class FSharpTests
{
    [Fact]
    public void CollectionsOfFSharpArriveWholeAndUsable()
    {
        Travel.Equal(FSharpValues.order);
        Travel.Equal(FSharpValues.tree);
        Travel.Equal(FSharpValues.points);
        Travel.Equal(FSharpValues.numbers(0));
        Assert.Equal(49, Travel.RoundTrip(FSharpValues.squares(10))[7]);
        Assert.Equal("30 items", Travel.RoundTrip(FSharpValues.squares(30)).Add(0, 0).Remove(1).Count + " items");
        Assert.Equal(FSharpValues.describe(FSharpValues.order), FSharpValues.describe(Travel.RoundTrip(FSharpValues.order)));
        Assert.Equal(FSharpValues.order, FSharpValues.withPrice(Travel.RoundTrip(FSharpValues.order), "pen", 1.5m));
    }

    [Fact]
    public void KeysCompareThereByTheirOwnRule()
    {
        var there = Travel.RoundTrip(FSharpValues.caseless);

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
        var there = Travel.RoundTrip(FSharpValues.numbers(100_000));

        Assert.Equal(100_000, there.Length);
        Assert.True(there.Equals(FSharpValues.numbers(100_000)));
    }

    [Fact]
    public void SharedCollectionsStayOneObject()
    {
        var (list, map) = (FSharpValues.numbers(3), FSharpValues.squares(3));
        var there = Travel.RoundTrip(new object[] { list, list, map, map });

        Assert.Same(there[0], there[1]);
        Assert.Same(there[2], there[3]);
    }

    [Fact]
    public void WhatCannotBeSentIsNamedByItsPlace()
    {
        var list = ListModule.OfSeq(new object[] { 1, new MemoryStream() });
        Assert.Equal("[1]", Assert.Throws<CannotTravelException>(() => Travel.Bytes(list)).Path);
    }
}
