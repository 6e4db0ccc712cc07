using System.Buffers;
using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.UnitTests.Capture;

public class DelegateCaptureTests
{
    [Fact]
    public void TheContextIsNoInput()
    {
        Func<IsolatedContext, string, int, string> body = (ctx, url, times) => ctx.DataPath + url + times;

        var function = FunctionCapture.Capture(body, takesContext: true);

        Assert.Equal(["url", "times"], function.InputNames);
        Assert.Equal([typeof(string), typeof(int)], function.Types);
        Assert.Empty(function.Captured);
    }

    [Fact]
    public void InputsAreNamedAsInTheMethod()
    {
        Assert.Equal(
            ["input 1", "input 2"],
            Capture(
                new Func<int, string, int>(
                    delegate
                    {
                        return 1;
                    }
                )
            ).InputNames
        );
        Assert.Equal(["second"], Capture((Func<string, string>)"first".After).InputNames);
        Assert.Equal(["first"], Capture((Func<string, string>)"first".After).Captured.Select(variable => variable.Name));
    }

    [Fact]
    public void OnlyAnObjectWithFieldsIsCaptured()
    {
        var local = 5;

        Assert.Empty(
            Capture(() =>
            {
                return 1;
            }).Captured
        );
        Assert.Empty(Capture((Func<double, double>)Math.Sqrt).Captured);
        Assert.True(
            Assert
                .Single(
                    Capture(() =>
                    {
                        return local;
                    }).Captured
                )
                .IsClosure
        );
        Assert.Equal(
            ("this", typeof(DelegateCaptureTests)),
            Assert.Single(Capture((Action)OnlyAnObjectWithFieldsIsCaptured).Captured) is var self ? (self.Name, self.Type) : default
        );
    }

    [Fact]
    public void TheValuesAreNoPartOfTheCode()
    {
        Assert.Equal(Of(1).Code.Identity, Of(2).Code.Identity);
        Assert.NotEqual(
            Of(1).Code.Identity,
            Capture(() =>
            {
                return 1;
            }).Code.Identity
        );

        static CapturedFunction Of(int value) =>
            Capture(() =>
            {
                return value;
            });
    }

    [Fact]
    public void AssembliesThatEveryWorkerHasAreNotSent()
    {
        Assert.Empty(Assemblies((Func<double, double>)Math.Sqrt));
        Assert.Empty(Assemblies((Func<MachineType, bool>)MachineType.XS.Equals));
        var own = Assemblies(() =>
        {
            return 1;
        });
        Assert.Contains("FalServerless.UnitTests", own);
        Assert.DoesNotContain("FalServerless", own);
        Assert.DoesNotContain("Microsoft.Extensions.Logging.Abstractions", own);
        Assert.DoesNotContain("Microsoft.Extensions.DependencyInjection.Abstractions", own);
    }

    [Fact]
    public void TheProgramIsBroughtWhereWhatIsCapturedIsKnownAtTheCallOnly()
    {
        Assert.Contains("FalServerless.UnitTests", Assemblies((Func<IEnumerable<object>, int>)Enumerable.Count));
        Assert.Contains("FalServerless.UnitTests", Assemblies((Func<Func<int>, bool>)new List<Func<int>>().Contains));
        Assert.Empty(Assemblies((Func<int, bool>)new List<int>().Contains));
    }

    private static CapturedFunction Capture(Delegate body) => FunctionCapture.Capture(body, takesContext: false);

    private static IEnumerable<string> Assemblies(Delegate body)
    {
        var manifest = FunctionManifestCodec.Read(Capture(body).Code.Manifest.ToArray());
        Assert.Equal(BodyKind.Delegate, manifest.Kind);
        return manifest.Assemblies.Select(assembly => assembly.Name);
    }
}

internal static class Following
{
    public static string After(this string first, string second) => first + second;
}
