using System.Runtime.CompilerServices;

namespace FalServerless.IntegrationTests.Serialization;

public class ExceptionValueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnExceptionIsAValueBothWays()
    {
        var caught = Caught();
        var failed = new Outcome<int>(0, caught);
        List<Exception> several = [caught, new OwnException("own", 5), caught];
        var body = Isolated.Create(
            (Exception input) => new Answer(failed, several, input, new Outcome<string>(null, Caught()), new object[] { input, input })
        );

        var answer = await body.InvokeAsync(new ArgumentNullException("name"), Token);

        var error = Assert.IsType<InvalidOperationException>(answer.Failed.Error);
        Assert.Equal("outer 😀 \ud83d \0", error.Message);
        Assert.Equal("inner", Assert.IsType<FormatException>(error.InnerException).Message);
        Assert.Equal(7, error.Data["number"]);
        Assert.Contains(nameof(Caught), error.StackTrace, StringComparison.Ordinal);
        Assert.Same(error, answer.Several[0]);
        Assert.Same(error, answer.Several[2]);
        Assert.Equal(5, Assert.IsType<OwnException>(answer.Several[1]).State);
        Assert.Equal("name", Assert.IsType<ArgumentNullException>(answer.Input).ParamName);
        Assert.Same(answer.Input, Assert.IsType<object[]>(answer.Both)[1]);
        Assert.Contains(nameof(Caught), answer.Made.Error!.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(Caught), Assert.ThrowsAny<Exception>(() => Rethrow(answer.Made.Error)).StackTrace, StringComparison.Ordinal);
    }

    private static void Rethrow(Exception exception) => throw exception;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Exception Caught()
    {
        try
        {
            throw new InvalidOperationException("outer 😀 \ud83d \0", new FormatException("inner")) { Data = { ["number"] = 7 } };
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }

    internal sealed record Outcome<T>(T? Value, Exception? Error);

    internal sealed record Answer(Outcome<int> Failed, List<Exception> Several, Exception Input, Outcome<string> Made, object Both);

    internal sealed class OwnException(string message, int state) : Exception(message)
    {
        public int State { get; } = state;
    }
}
