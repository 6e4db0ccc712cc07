using System.Buffers.Binary;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>A local time is the same moment in a worker whose time zone is another one.</summary>
public sealed class TimeZoneTests : IDisposable
{
    private const int SecondsEast = (9 * 60 + 30) * 60;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ALocalTimeIsTheSameMomentThereAndBackAgain()
    {
        File.WriteAllBytes(_folder.File("zone"), Zone(SecondsEast));
        using var host = new LocalHost(new Dictionary<string, string> { ["TZ"] = _folder.File("zone") });
        var options = new IsolatedOptions { Host = host };
        Assert.Equal(
            TimeSpan.FromSeconds(SecondsEast),
            await Isolated.Create(() => TimeZoneInfo.Local.BaseUtcOffset, options).InvokeAsync(Token)
        );
        Assert.NotEqual(TimeSpan.FromSeconds(SecondsEast), TimeZoneInfo.Local.BaseUtcOffset);

        var local = new DateTime(2026, 7, 1, 12, 30, 15, DateTimeKind.Local);
        object boxed = local;
        var all = new List<DateTime?> { local, null };
        var (moment, kind, unchanged) = (local.ToUniversalTime(), DateTimeKind.Local, new DateTime(2026, 7, 1, 12, 30, 15));

        Assert.Equal((moment, kind), await Isolated.Create(() => Look(local), options).InvokeAsync(Token));
        Assert.Equal((moment, kind), await Isolated.FromDelegate(() => Look((DateTime)boxed), options).InvokeAsync(Token));
        Assert.Equal((moment, kind), await Isolated.FromDelegate(() => Look(all[0]!.Value), options).InvokeAsync(Token));
        Assert.Equal((moment, kind), await Isolated.Create((DateTime value) => Look(value), options).InvokeAsync(local, Token));
        Assert.Equal(
            (moment, kind),
            await Isolated.Create((Appointment value) => Look(value.Start), options).InvokeAsync(new(local), Token)
        );
        Assert.Equal((moment, kind), await (await Isolated.Create(() => Look(local), options).SubmitAsync(Token)).GetResultAsync(Token));
        Assert.Equal((moment, kind), Look(await Isolated.Create(() => local, options).InvokeAsync(Token)));
        Assert.Equal(local, await Isolated.Create(() => local, options).InvokeAsync(Token));
        Assert.Equal(local.AddHours(1), await Isolated.Create(() => local.AddHours(1), options).InvokeAsync(Token));
        Assert.Equal(
            (unchanged, DateTimeKind.Unspecified),
            await Isolated
                .Create((DateTime value) => new ValueTuple<DateTime, DateTimeKind>(value, value.Kind), options)
                .InvokeAsync(unchanged, Token)
        );
        Assert.Equal(moment, (await Isolated.Create((DateTimeOffset value) => value, options).InvokeAsync(new(local), Token)).UtcDateTime);
    }

    public void Dispose() => _folder.Dispose();

    private static (DateTime Moment, DateTimeKind Kind) Look(DateTime time) => (time.ToUniversalTime(), time.Kind);

    // A file of the time zone database (RFC 8536) with one kind of local time, as the machine may have no such database.
    private static byte[] Zone(int secondsEast)
    {
        var file = new byte[44 + 6 + 4];
        "TZif"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(36), 1);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(40), 4);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(44), secondsEast);
        "XST\0"u8.CopyTo(file.AsSpan(50));
        return file;
    }

    private sealed record Appointment(DateTime Start);
}
