using FalServerless.IntegrationTests.Programs;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

public class UploadTests
{
    [Fact]
    public async Task TheGatewaysMemoryStaysFlatWhile64MebibytesPassEitherWay()
    {
        await using var program = ChildProgram.Start(ChildProgram.Pass);

        Assert.InRange(await program.WaitForExitAsync(), 0, 23);
    }
}
