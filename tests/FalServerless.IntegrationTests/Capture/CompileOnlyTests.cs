using CompileOnlyLibrary;
using FalServerless.Calls;
using FalServerless.Capture;

namespace FalServerless.IntegrationTests.Capture;

public class CompileOnlyTests
{
    private const string Library = nameof(CompileOnlyLibrary);

    [Fact]
    public async Task APackageThatIsReferencedForCompilingOnlyIsNeverLoadedHere()
    {
        var name = "you";
        Func<string> neighbour = () => name + new Greeter("neighbour");
        Func<string> body = () =>
        {
            var greeter = new Greeter("hello");
            return greeter.Greet(name);
        };

        var function = FunctionCapture.Capture(body, takesContext: false);
        var error = await Record.ExceptionAsync(() =>
            new FunctionCall(function, new()).InvokeAsync<object?>([], TestContext.Current.CancellationToken)
        );

        Assert.Contains(Library, error?.Message);
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == Library);
        Assert.False(File.Exists(Path.Combine(AppContext.BaseDirectory, Library + ".dll")));
        GC.KeepAlive(neighbour);
    }
}
