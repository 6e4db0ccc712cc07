using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Serialization.Types;
using FalServerless.Serialization.Values;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.UnitTests.Protocol;

public class HostileMessagesTests
{
    private const int EachCount = 20_000;

    private static readonly ContentHash Hash = ContentHash.Of("content"u8);

    private static readonly FunctionManifest Manifest = new()
    {
        Kind = BodyKind.Expression,
        Body = new byte[] { 1, 2, 3 },
        Assemblies =
        [
            new()
            {
                Name = "Shop",
                Image = Hash,
                Symbols = Hash,
            },
            new() { Name = "Shop.Orders", Image = Hash },
        ],
        Files =
        [
            new() { Path = "de/Shop.resources.dll", Content = Hash },
            new()
            {
                Path = "runtimes/linux-x64/native/libx.so",
                Content = Hash,
                Platform = "linux-x64",
                Package = "X",
            },
            new()
            {
                Path = "runtimes/win-x64/native/x.dll",
                Platform = "win-x64",
                Package = "X",
            },
        ],
        Program = "Shop",
    };

    private static readonly WorkerStatus Prewarmed = new()
    {
        Id = "5",
        State = WorkerState.Prewarmed,
        StartedAt = DateTimeOffset.UnixEpoch.AddSeconds(7),
    };

    public static TheoryData<string> Codecs => [.. Readers().Keys];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void AMutatedMessageIsReadOrRefusedAndTakesNoMemoryThatItDoesNotBring(string codec)
    {
        var (valid, read) = Readers()[codec];
        read(valid);
        var refused = 0;
        Mutation
            .Of(valid)
            .Sample(
                EachCount,
                message =>
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    try
                    {
                        read(message);
                    }
                    catch (ProtocolException)
                    {
                        refused++;
                    }

                    Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 18);
                },
                Convert.ToHexString,
                of: codec
            );

        Assert.InRange(refused, 1, EachCount);
    }

    [Fact]
    public void AForgedFailureGivesAnExceptionOrIsRefused()
    {
        var failures = new FailureConverter(new ValueSerializer(TypeNames.OfThisProcess), TypeNames.OfThisProcess);
        var output = new ArrayBufferWriter<byte>();
        failures.Write(
            output,
            new ArgumentException(
                "message",
                "name",
                new AggregateException(new GenericException<int>("generic"), new FormatException("inner"))
            )
            {
                Data = { ["key"] = 5 },
            }
        );
        Mutation
            .Of(output.WrittenSpan.ToArray())
            .Sample(
                EachCount,
                message =>
                {
                    try
                    {
                        Assert.NotNull(failures.Read(new(message)));
                    }
                    catch (ProtocolException) { }
                },
                Convert.ToHexString
            );
    }

    [Theory]
    [InlineData("System.Object")]
    [InlineData("System.Exception")]
    [InlineData("System.AggregateException")]
    [InlineData("System.ArgumentOutOfRangeException")]
    [InlineData("System.TypeInitializationException")]
    [InlineData("System.Threading.ThreadAbortException")]
    [InlineData("System.Collections.Generic.List`1")]
    [InlineData("System.Reflection.ReflectionTypeLoadException")]
    [InlineData("FalServerless.UnitTests.Protocol.HostileMessagesTests+GenericException`1, FalServerless.UnitTests")]
    [InlineData("FalServerless.UnitTests.Protocol.HostileMessagesTests+HostileException, FalServerless.UnitTests")]
    [InlineData("Nothing.Here, Nowhere")]
    public void AFailureOfAnyTypeGivesAnException(string type)
    {
        var failures = new FailureConverter(new ValueSerializer(TypeNames.OfThisProcess), TypeNames.OfThisProcess);
        var output = new ArrayBufferWriter<byte>();
        var writer = new FalServerless.Wire.MessagePackWriter(output);
        writer.WriteArrayHeader(10);
        writer.Write(type);
        writer.Write(type);
        writer.Write("message");
        writer.Write("message");
        writer.Write("   at There()");
        writer.Write(5);
        writer.Write("help");
        writer.WriteArrayHeader(0);
        writer.WriteArrayHeader(0);
        writer.WriteArrayHeader(0);
        writer.Flush();

        var exception = failures.Read(new(output.WrittenMemory));

        Assert.Contains("There()", exception.StackTrace);
    }

    [Fact]
    public void AnyBytesAreAHeaderOrRefused()
    {
        var random = Printed.Random(of: nameof(AnyBytesAreAHeaderOrRefused));
        var bytes = new byte[WorkerFrameHeader.Size];
        var read = 0;
        for (var i = 0; i < 200_000; i++)
        {
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                bytes[3] = 0;
                bytes[4] = (byte)random.Next(10);
            }

            read += Reads(() => WorkerFrameHeader.Read(bytes).PayloadLength) + Reads(() => EventHeader.Read(bytes).PayloadLength);
        }

        Assert.InRange(read, 10_000, 300_000);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("C:x")]
    [InlineData(".hidden")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void AnAssemblyNameThatLeadsElsewhereIsRefused(string name)
    {
        var manifest = FunctionManifestCodec.Write(Manifest with { Assemblies = [new() { Name = name, Image = Hash }], Program = null });

        Assert.Contains("name", Assert.Throws<ProtocolException>(() => FunctionManifestCodec.Read(manifest)).Message);
        var tooLong = FunctionManifestCodec.Write(Manifest with { Assemblies = [new() { Name = new string('世', 100), Image = Hash }] });
        Assert.Throws<ProtocolException>(() => FunctionManifestCodec.Read(tooLong));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("de/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("de//x")]
    [InlineData("de/")]
    [InlineData("de\\x")]
    [InlineData("C:x")]
    [InlineData("de/.hidden")]
    [InlineData("de/a\0b")]
    [InlineData("a/b/c/d/e/f/g/h/i")]
    [InlineData("")]
    public void APathThatLeadsElsewhereIsRefused(string path)
    {
        var manifest = FunctionManifestCodec.Write(Manifest with { Files = [new() { Path = path, Content = Hash }] });

        Assert.Contains("path", Assert.Throws<ProtocolException>(() => FunctionManifestCodec.Read(manifest)).Message);
    }

    [Fact]
    public void AProgramThatIsNotAmongTheAssembliesIsRefused() =>
        Assert.Throws<ProtocolException>(() =>
            FunctionManifestCodec.Read(FunctionManifestCodec.Write(Manifest with { Program = "Other" }))
        );

    [Theory]
    [InlineData("de", "de/x")]
    [InlineData("a/b/c", "A/b")]
    [InlineData("Shop.dll/x", "y")]
    [InlineData("Shop.pdb/x", "y")]
    public void AFileBelowAFileIsRefused(string one, string other)
    {
        var manifest = FunctionManifestCodec.Write(
            Manifest with
            {
                Files = [new() { Path = one, Content = Hash }, new() { Path = other, Content = Hash }],
            }
        );

        Assert.Contains("below", Assert.Throws<ProtocolException>(() => FunctionManifestCodec.Read(manifest)).Message);
    }

    [Fact]
    public void WhatNoWorkerCanSatisfyIsRefused()
    {
        CallOptions environment = new() { MachineType = "XS", KeepAlive = TimeSpan.FromSeconds(1) };
        CallOptions[] refused =
        [
            environment with
            {
                KeepAlive = TimeSpan.FromDays(50),
            },
            environment with
            {
                Timeout = TimeSpan.FromDays(50),
            },
            environment with
            {
                KeepAlive = TimeSpan.FromMilliseconds(-1),
            },
            environment with
            {
                MaxWorkers = 0,
            },
            environment with
            {
                MaxWorkers = -1,
            },
            environment with
            {
                MaxWorkers = 70_000,
            },
            environment with
            {
                MinWorkers = -1,
            },
            environment with
            {
                MinWorkers = 70_000,
            },
            environment with
            {
                RecycleAfterCalls = 0,
            },
            environment with
            {
                RecycleAboveBytes = -1,
            },
            environment with
            {
                Requirements = [""],
            },
            environment with
            {
                Requirements = [new('a', 300)],
            },
            environment with
            {
                Requirements = [.. Enumerable.Repeat("a", 300)],
            },
        ];

        Assert.All(refused, spec => Assert.Throws<ProtocolException>(() => InvocationRequestCodec.Read(new(Request(spec)))));
        environment = environment with
        {
            Requirements = ["a==1", "b"],
            MinWorkers = 2,
            RecycleAfterCalls = 3,
            RecycleAboveBytes = 1L << 40,
        };
        Assert.Equivalent(environment, InvocationRequestCodec.Read(new(Request(environment))).Options, strict: true);
    }

    [Fact]
    public void AListOfWorkersComesBackAsItWasAndTakesKeysInAnyOrderAndUnknownOnes()
    {
        var idle = Prewarmed with
        {
            MachineType = "XS",
            Environment = Hash,
            State = WorkerState.Draining,
            Running = 2,
            Calls = 3,
            IdleSince = DateTimeOffset.UnixEpoch,
            KeepAliveEnds = DateTimeOffset.UnixEpoch.AddTicks(5),
            MemoryBytes = 4,
        };
        Assert.Equal([Prewarmed, idle], WorkerListCodec.Read(new(WorkerListCodec.Write([Prewarmed, idle]))));

        var output = new ArrayBufferWriter<byte>();
        var writer = new FalServerless.Wire.MessagePackWriter(output);
        writer.WriteArrayHeader(1);
        writer.WriteMapHeader(4);
        writer.Write("started");
        writer.Write(Prewarmed.StartedAt.UtcDateTime);
        writer.Write("new");
        writer.WriteArrayHeader(1);
        writer.Write(1);
        writer.Write("state");
        writer.Write("prewarmed");
        writer.Write("id");
        writer.Write("5");
        writer.Flush();
        Assert.Equal([Prewarmed], WorkerListCodec.Read(new(output.WrittenMemory)));
    }

    private static int Reads(Func<int> read)
    {
        try
        {
            Assert.InRange(read(), 0, WorkerFrameHeader.MaximumPayload);
            return 1;
        }
        catch (ProtocolException)
        {
            return 0;
        }
    }

    internal static Dictionary<string, (byte[] Valid, Action<byte[]> Read)> Readers()
    {
        var log = new ArrayBufferWriter<byte>();
        LogEntryCodec.Write(log, LogEntryLevel.Info, LogEntrySource.User, DateTimeOffset.UnixEpoch.AddTicks(7), "line");
        return new()
        {
            ["manifest"] = (FunctionManifestCodec.Write(Manifest), bytes => FunctionManifestCodec.Read(bytes)),
            ["request"] = (
                Request(
                    new()
                    {
                        MachineType = "XS",
                        KeepAlive = TimeSpan.FromSeconds(10),
                        Timeout = TimeSpan.FromSeconds(1),
                        Requirements = ["a==1", "b"],
                        MaxWorkers = 4,
                        RecycleAfterCalls = 5,
                        RecycleAboveBytes = 6,
                    }
                ),
                bytes => InvocationRequestCodec.Read(new(bytes))
            ),
            ["log entry"] = (log.WrittenSpan.ToArray(), bytes => LogEntryCodec.Read(new(bytes))),
            ["refusal"] = (
                RefusalCodec.Write(
                    new()
                    {
                        Reason = RefusalReason.MissingContent,
                        Message = "message",
                        ExitCode = 3,
                        Missing = [Hash, Hash],
                        Cause = WorkerCrashCause.Abort,
                        LastLines = ["a", "b"],
                        Requirement = "c",
                        DataPath = "/data/x",
                        Limit = 1L << 40,
                        CredentialsFault = 2,
                    }
                ),
                bytes => RefusalCodec.Read(new(bytes))
            ),
            ["worker's function"] = (
                WorkerFunctionCodec.Write(
                    new()
                    {
                        Function = Hash,
                        Manifest = new byte[] { 1 },
                        AssemblyPaths = ["/a", "/b"],
                        Folder = "/c",
                    }
                ),
                bytes => WorkerFunctionCodec.Read(bytes)
            ),
            ["worker's claim"] = (
                WorkerClaimCodec.Write(new() { HeapLimit = 1 << 28, EnvironmentPath = "/e" }),
                bytes => WorkerClaimCodec.Read(bytes)
            ),
            ["workers"] = (
                WorkerListCodec.Write([
                    Prewarmed,
                    Prewarmed with
                    {
                        MachineType = "XS",
                        Environment = Hash,
                        State = WorkerState.Idle,
                        Calls = 3,
                        IdleSince = DateTimeOffset.UnixEpoch,
                        KeepAliveEnds = DateTimeOffset.UnixEpoch.AddTicks(5),
                        MemoryBytes = 1L << 40,
                    },
                ]),
                bytes => WorkerListCodec.Read(new(bytes))
            ),
            ["worker's hello"] = (
                WorkerHelloCodec.Write(
                    new()
                    {
                        Version = ProtocolVersion.Current,
                        Token = new byte[32],
                        IsControl = true,
                        ProcessId = 5,
                    }
                ),
                bytes => WorkerHelloCodec.Read(bytes)
            ),
        };
    }

    private static byte[] Request(CallOptions environment)
    {
        var output = new ArrayBufferWriter<byte>();
        InvocationRequestCodec.Write(
            output,
            new()
            {
                Id = new("00112233-4455-6677-8899-aabbccddeeff"),
                Function = Hash,
                Manifest = new(new byte[] { 1, 2 }),
                Options = environment,
                Name = "name",
                Payload = new(new byte[] { 3, 4 }),
            }
        );
        return output.WrittenSpan.ToArray();
    }

    internal sealed class GenericException<T>(string message) : Exception(message)
    {
        public T? Value { get; init; }
    }

    internal sealed class HostileException : Exception
    {
        public HostileException(string message)
            : base(message) => throw new NotSupportedException();

        public override string? HelpLink
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }
    }
}
