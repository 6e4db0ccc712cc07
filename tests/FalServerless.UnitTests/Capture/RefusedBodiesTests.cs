using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using FalServerless.Capture;
using FalServerless.Serialization.Methods;
using FalServerless.Tests.Shared.Assemblies;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Capture;

public class RefusedBodiesTests
{
    [Fact]
    public void CodeMadeAtRunTimeIsRefused()
    {
        const string Words =
            "The body cannot be sent to a worker: its code was made at run time (a DynamicMethod, or an expression that was compiled). "
            + "Pass the expression itself to Isolated.Create, or write the code as a method.";
        var made = new DynamicMethod("Made", typeof(int), []);
        made.GetILGenerator().Emit(OpCodes.Ldc_I4_1);
        made.GetILGenerator().Emit(OpCodes.Ret);
        Expression<Func<int>> expression = () => 1;

        Assert.Equal(Words, Refused(made.CreateDelegate<Func<int>>()).Message);
        Assert.Equal(Words, Refused(expression.Compile()).Message);
    }

    [Fact]
    public void AMethodWithoutIlIsRefused()
    {
        var open = typeof(IHasCode).GetMethod(nameof(IHasCode.Run))!.CreateDelegate<Func<IHasCode, int>>();

        Assert.Equal(
            "The body cannot be sent to a worker: the method 'IHasCode.Run' is abstract, and has no code of its own. Call it on an "
                + "object inside the body.",
            Refused(open).Message
        );
        Assert.Equal(
            "The body cannot be sent to a worker: the method 'RefusedBodiesTests.ProcessId' is extern: its code is not IL, but in a "
                + "native library. Call it inside the body.",
            Refused((Func<int>)ProcessId).Message
        );
    }

    [Fact]
    public void AnAssemblyThatExistsInMemoryOnlyIsRefused()
    {
        const string Words =
            "The body cannot be sent to a worker: its assembly 'InMemory' exists only in this process's memory: it was made at run "
            + "time, loaded from bytes, or is part of a single-file program. "
            + "Put the code into an ordinary assembly, or publish without single file.";
        var context = new AssemblyLoadContext("memory", isCollectible: true);
        using var image = new MemoryStream(MadeAssembly.Image("InMemory", 1));

        Assert.Equal(Words, Refused(MadeAssembly.Body(context.LoadFromStream(image))).Message);
        Assert.Equal(Words, Refused(MadeAssembly.Body(MadeAssembly.Running("InMemory"))).Message);
        context.Unload();
    }

    [Fact]
    public void AnAssemblyThatWasRebuiltSinceItWasLoadedIsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "Rebuilt.dll");
        File.WriteAllBytes(path, MadeAssembly.Image("Rebuilt", 1));
        var body = MadeAssembly.Body(new AssemblyLoadContext("rebuilt").LoadFromAssemblyPath(path));
        File.Delete(path);
        File.WriteAllBytes(path, MadeAssembly.Image("Rebuilt", 2));

        Assert.Equal(
            "The body cannot be sent to a worker: the file of its assembly 'Rebuilt' was rebuilt since this program loaded it. "
                + "Restart the program.",
            Refused(body).Message
        );
    }

    [Fact]
    public void AnAssemblyWhoseFileIsGoneIsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "Gone.dll");
        File.WriteAllBytes(path, MadeAssembly.Image("Gone", 1));
        var body = MadeAssembly.Body(new AssemblyLoadContext("gone").LoadFromAssemblyPath(path));
        File.Delete(path);

        Assert.Equal(
            "The body cannot be sent to a worker: the file of its assembly 'Gone' is gone or cannot be read. Keep it beside the program.",
            Refused(body).Message
        );
    }

    [Fact]
    public void CodeThatHotReloadChangedIsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "Reloaded.dll");
        File.WriteAllBytes(path, MadeAssembly.Image("Reloaded", 1));
        var assembly = new AssemblyLoadContext("reloaded").LoadFromAssemblyPath(path);
        var body = MadeAssembly.Body(assembly);
        FunctionCapture.Capture(body, takesContext: false);
        var handler = Assert.Single(
            typeof(Isolated).Assembly.GetCustomAttributes<System.Reflection.Metadata.MetadataUpdateHandlerAttribute>()
        );

        // As the runtime does after an update.
        handler.HandlerType.GetMethod("UpdateApplication")!.Invoke(null, [assembly.GetTypes()]);

        Assert.Equal(
            "The body cannot be sent to a worker: hot reload has changed its assembly 'Reloaded', whose file is no longer the code "
                + "that runs here. Restart the program.",
            Refused(body).Message
        );
        HotReload.Forget(assembly);
        FunctionCapture.Capture(body, takesContext: false);
    }

    [Fact]
    public void AnExpressionThatCallsReloadedCodeIsRefusedWhenItIsMadeAndWhenItIsCalled()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "ReloadedToo.dll");
        File.WriteAllBytes(path, MadeAssembly.Image("ReloadedToo", 1));
        var assembly = new AssemblyLoadContext("reloaded too").LoadFromAssemblyPath(path);
        var body = Expression.Lambda<Func<int>>(Expression.Call(assembly.GetType("Made")!.GetMethod("Run")!));
        var before = FunctionCapture.Capture(body);
        Assert.NotNull(before.Code);

        HotReload.UpdateApplication(assembly.GetTypes());

        const string Words =
            "hot reload has changed its assembly 'ReloadedToo', whose file is no longer the code that runs here. Restart the program.";
        Assert.Contains(Words, Assert.Throws<CaptureException>(() => FunctionCapture.Capture(body)).Message, StringComparison.Ordinal);
        Assert.Contains(Words, Assert.Throws<CaptureException>(() => before.Code).Message, StringComparison.Ordinal);
        HotReload.Forget(assembly);
        Assert.NotNull(before.Code);
        Assert.NotNull(FunctionCapture.Capture(body).Code);
    }

    [Fact]
    public void AProgramCompiledAheadOfTimeIsRefused()
    {
        CaptureGuard.CheckProgram(hasAssemblies: true);

        Assert.Equal(
            "The body cannot be sent to a worker: this program is compiled ahead of time (NativeAOT), so that its code is in no "
                + "assembly that a worker could load. Publish it without PublishAot.",
            Assert.Throws<CaptureException>(() => CaptureGuard.CheckProgram(hasAssemblies: false)).Message
        );
    }

    private static CaptureException Refused(Delegate body) =>
        Assert.Throws<CaptureException>(() => FunctionCapture.Capture(body, takesContext: false));

    [DllImport("libc", EntryPoint = "getpid")]
    private static extern int ProcessId();

    internal interface IHasCode
    {
        int Run();
    }
}
