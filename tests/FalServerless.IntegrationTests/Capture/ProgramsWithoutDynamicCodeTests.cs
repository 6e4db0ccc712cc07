using FalServerless.IntegrationTests.Programs;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Capture;

public class ProgramsWithoutDynamicCodeTests
{
    // What the SDK writes for a program that could be published ahead of time: every file-based one, and any with PublishAot.
    private static readonly Dictionary<string, bool> Switches = new()
    {
        ["Microsoft.Extensions.DependencyInjection.VerifyOpenGenericServiceTrimmability"] = true,
        ["System.ComponentModel.DefaultValueAttribute.IsSupported"] = false,
        ["System.ComponentModel.TypeDescriptor.IsComObjectDescriptorSupported"] = false,
        ["System.Data.DataSet.XmlSerializationIsSupported"] = false,
        ["System.Diagnostics.Tracing.EventSource.IsSupported"] = false,
        ["System.Linq.Enumerable.IsSizeOptimized"] = true,
        ["System.Linq.Expressions.CanEmitObjectArrayDelegate"] = false,
        ["System.Net.SocketsHttpHandler.Http3Support"] = false,
        ["System.Reflection.Metadata.MetadataUpdater.IsSupported"] = false,
        ["System.Resources.ResourceManager.AllowCustomResourceTypes"] = false,
        ["System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported"] = false,
        ["System.Runtime.Serialization.EnableUnsafeBinaryFormatterSerialization"] = false,
        ["System.StartupHookProvider.IsSupported"] = false,
        ["System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault"] = false,
    };

    [Fact]
    public async Task BodiesOfEveryKindRunWhereTheProgramIsToldToMakeNoCodeAtRunTime()
    {
        await using var program = ChildProgram.Start(ChildProgram.Bodies, switches: Switches);

        var (exitCode, output) = await program.RunToEndAsync(Eventually.Limit);

        Assert.Equal(BodiesWithoutDynamicCode.Output, output);
        Assert.Equal(7, exitCode);
    }
}
