using System.Buffers;
using System.Diagnostics;
using System.Linq.Expressions;
using System.Text.Json;
using FalServerless.Serialization.Closures;
using FalServerless.Serialization.Expressions;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;

namespace FalServerless.Bench;

/// <summary>Bytes and µs, both ways, of a lambda's body and of a call's values; beside System.Text.Json for the values.</summary>
internal static class CodecBenchmark
{
    private const int Operations = 20_000;
    private const int Rounds = 9;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static void Run()
    {
        var name = "Ada";
        Expression<Func<string>> lambda = () => "Hello " + name;
        var hoisted = ClosureHoister.Hoist(lambda);
        var types = TypeNames.OfThisProcess;
        var values = new ValueSerializer(types);
        var declared = hoisted.Captured.Select(variable => variable.Type).ToArray();
        var captured = hoisted.Captured.Select(variable => variable.Read()).ToArray();
        var order = new Order(17, "tea", 3.50m, [1, 2, 3], new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));

        var output = new ArrayBufferWriter<byte>(4096);
        var body = Size(output, () => ExpressionWriter.Write(output, hoisted.ToLambda()));
        var arguments = Size(output, () => values.WriteAll(output, declared, captured));
        var record = Size(output, () => values.Write(output, typeof(Order), order));
        var json = JsonSerializer.SerializeToUtf8Bytes(order).Length;

        var bodyTime = Time(() =>
        {
            output.ResetWrittenCount();
            ExpressionWriter.Write(output, hoisted.ToLambda());
            ExpressionReader.Read(new ReadOnlySequence<byte>(output.WrittenMemory), types);
        });
        var argumentsTime = Time(() =>
        {
            output.ResetWrittenCount();
            values.WriteAll(output, declared, captured);
            values.ReadAll(new ReadOnlySequence<byte>(output.WrittenMemory), declared);
        });
        var recordTime = Time(() =>
        {
            output.ResetWrittenCount();
            values.Write(output, typeof(Order), order);
            values.Read(new ReadOnlySequence<byte>(output.WrittenMemory), typeof(Order));
        });
        var jsonTime = Time(() => JsonSerializer.Deserialize<Order>(JsonSerializer.SerializeToUtf8Bytes(order)));

        Console.WriteLine($"Codec, writing and reading; medians of {Rounds} rounds of {Operations}");
        Console.WriteLine($"{"", -40}{"bytes", 8}{"µs", 10}");
        Console.WriteLine($"{"body of () => \"Hello \" + name", -40}{body, 8}{bodyTime, 10:0.00}");
        Console.WriteLine($"{"its captured variable", -40}{arguments, 8}{argumentsTime, 10:0.00}");
        Console.WriteLine($"{"both: a first call", -40}{body + arguments, 8}{bodyTime + argumentsTime, 10:0.00}");
        Console.WriteLine($"{"a record of five members", -40}{record, 8}{recordTime, 10:0.00}");
        Console.WriteLine($"{"the same with System.Text.Json", -40}{json, 8}{jsonTime, 10:0.00}");
        Console.WriteLine($"record / System.Text.Json: {(double)record / json:0%} of the bytes, {recordTime / jsonTime:0.00} × the time");
        Console.WriteLine();
    }

    private static int Size(ArrayBufferWriter<byte> output, Action write)
    {
        output.ResetWrittenCount();
        write();
        return output.WrittenCount;
    }

    private static double Time(Action operation)
    {
        // Long enough for the runtime to have recompiled what is hot: that takes it more than a second.
        for (var warmUp = Stopwatch.StartNew(); warmUp.Elapsed < WarmUp; )
        {
            operation();
        }

        return LoadFigures.Median(
            Enumerable
                .Range(0, Rounds)
                .Select(_ =>
                {
                    var watch = Stopwatch.StartNew();
                    for (var i = 0; i < Operations; i++)
                    {
                        operation();
                    }

                    return watch.Elapsed.TotalMicroseconds / Operations;
                })
        );
    }

    private sealed record Order(int Id, string Product, decimal Price, int[] Parts, DateTime Placed);
}
