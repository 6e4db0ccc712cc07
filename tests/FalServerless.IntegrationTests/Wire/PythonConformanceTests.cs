using System.Globalization;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Wire;

namespace FalServerless.IntegrationTests.Wire;

public class PythonConformanceTests
{
    private const int Count = 5_000;

    [Theory]
    [InlineData("doubles")]
    [InlineData("singles")]
    public async Task WhatWeWritePythonReadsAsTheSameValueAndWritesAsTheSameBytes(string floats)
    {
        PythonPeer.SkipUnlessInstalled();
        Value[] ours = [.. BorderValues(), .. RandomValues.Of(depth: 4, singles: floats == "singles").Take(Count)];
        var messages = ours.Select(value => value.Written()).ToArray();

        var theirs = await PythonPeer.RunAsync(["echo", floats], messages, TestContext.Current.CancellationToken);

        Assert.Equal(ours.Length, theirs.Count);
        foreach (var (i, (description, packed)) in theirs.Index())
        {
            Assert.Equal(ours[i].ToString(), description);

            // Both sides write the shortest form, so even the bytes are the same.
            Assert.Equal(messages[i], packed);
        }
    }

    [Fact]
    public async Task WhatPythonWritesWeReadAsTheSameValueAndWriteAsTheSameBytes()
    {
        PythonPeer.SkipUnlessInstalled();
        var random = Printed.Random(of: nameof(WhatPythonWritesWeReadAsTheSameValueAndWriteAsTheSameBytes));
        string[] arguments =
        [
            "generate",
            random.Next().ToString(CultureInfo.InvariantCulture),
            Count.ToString(CultureInfo.InvariantCulture),
        ];

        var theirs = await PythonPeer.RunAsync(arguments, [], TestContext.Current.CancellationToken);

        Assert.InRange(theirs.Count, Count, int.MaxValue);
        foreach (var (description, packed) in theirs)
        {
            var value = Messages.Read(packed, Value.ReadFrom);
            Assert.Equal(description, value.ToString());
            Assert.Equal(packed, value.Written());
        }
    }

    private static IEnumerable<Value> BorderValues()
    {
        foreach (var length in (int[])[0, 31, 32, 255, 256, 65535, 65536])
        {
            yield return new Value.Text(new string('a', length));
            yield return new Value.Binary(new byte[length]);
            yield return new Value.Extension(1, new byte[length]);
        }

        foreach (var count in (int[])[0, 15, 16, 65535, 65536])
        {
            yield return new Value.List([.. Enumerable.Repeat(new Value.Nil(), count)]);
            yield return new Value.Map([
                .. Enumerable.Range(0, count).Select(key => ((Value)new Value.Integer(key), (Value)new Value.Nil())),
            ]);
        }
    }
}
