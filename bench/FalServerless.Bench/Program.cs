using FalServerless.Bench;

// Each benchmark prints its figures beside a named rival's from the same run. Without an argument: all of them.
switch (args)
{
    case [EchoServer.Command, var socket]:
        await EchoServer.RunAsync(socket);
        break;
    case [FirstResultBenchmark.BareCommand]:
        Console.WriteLine("a program that does nothing else");
        break;
    case []:
        CodecBenchmark.Run();
        await FirstResultBenchmark.RunAsync();
        await ColdBenchmark.RunAsync();
        await LimitsBenchmark.RunAsync();
        await WarmCallBenchmark.RunAsync();
        await DelegateBenchmark.RunAsync();
        await StreamBenchmark.RunAsync();
        await SyncBenchmark.RunAsync();
        await DetachedBenchmark.RunAsync();
        break;
    case ["codec"]:
        CodecBenchmark.Run();
        break;
    case ["start"]:
        await FirstResultBenchmark.RunAsync();
        break;
    case ["cold"]:
        await ColdBenchmark.RunAsync();
        break;
    case ["limits"]:
        await LimitsBenchmark.RunAsync();
        break;
    case ["warm"]:
        await WarmCallBenchmark.RunAsync();
        break;
    case ["delegate"]:
        await DelegateBenchmark.RunAsync();
        break;
    case ["stream"]:
        await StreamBenchmark.RunAsync();
        break;
    case ["sync"]:
        await SyncBenchmark.RunAsync();
        break;
    case ["detached"]:
        await DetachedBenchmark.RunAsync();
        break;
    default:
        Console.Error.WriteLine("Usage: FalServerless.Bench [codec | start | cold | limits | warm | delegate | stream | sync | detached]");
        return 2;
}

return 0;
