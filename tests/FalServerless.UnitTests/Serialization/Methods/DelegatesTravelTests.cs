using System.Buffers;
using System.Linq.Expressions;
using FalServerless.Capture;
using FalServerless.Protocol.Http;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Methods;
using FalServerless.Serialization.Results;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Delegates;
using FalServerless.Tests.Shared.Expressions;

namespace FalServerless.UnitTests.Serialization.Methods;

public class DelegatesTravelTests
{
    private static readonly ValueSerializer Here = new(TypeNames.OfThisProcess, new() { WritesDelegates = true });
    private static readonly ValueSerializer There = new(TypeNames.OfThisProcess, new() { ReadsDelegates = true });

    public static IEnumerable<TheoryDataRow<string>> Forms => DelegateForms.Names;

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task EveryFormGivesThereWhatItGivesHere(string name)
    {
        var form = DelegateForms.Named(name);

        var there = await Outcome.OfAsync(async () =>
            await ThereAsync(FunctionCapture.Capture(form.Body, takesContext: false), form.Arguments)
        );

        Assert.Equal(await form.HereAsync(), there);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryFormHasTheSameCodeAgain(string name)
    {
        var form = DelegateForms.Named(name);

        Assert.Equal(Identity(form), Identity(form));

        static object Identity(DelegateForm form) => FunctionCapture.Capture(form.Body, takesContext: false).Code.Identity;
    }

    private static async ValueTask<object?> ThereAsync(CapturedFunction function, object?[] inputs)
    {
        var payload = new ArrayBufferWriter<byte>();
        Here.WriteAll(payload, function.Types, [.. inputs, .. function.Captured.Select(variable => variable.Read())], function.Use);

        var manifest = FunctionManifestCodec.Read(function.Code.Manifest.ToArray());
        var lambda = DelegateBody.Read(new(manifest.Body), TypeNames.OfThisProcess, Expression.Constant(null, typeof(IsolatedContext)));
        var arguments = There.ReadAll(new(payload.WrittenMemory), [.. lambda.Parameters.Select(parameter => parameter.Type)]);
        Assert.Equal(function.Types, lambda.Parameters.Select(parameter => parameter.Type));
        Assert.Equal(function.Result, lambda.ReturnType);
        return await ResultShape.Of(function.Result).AwaitAsync(BodyCompiler.Compile(lambda)(arguments));
    }
}
