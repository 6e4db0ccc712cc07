using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>Environments, a map for each; see docs/protocol.md. What is added later is skipped by older readers.</summary>
internal static class EnvironmentRecordCodec
{
    private const string Key = "key";
    private const string Requirements = "requirements";
    private const string Packages = "packages";
    private const string Size = "bytes";
    private const string Made = "made";
    private const string LastUsed = "lastUsed";
    private const string InUse = "inUse";
    private const int Parts = 7;

    public static byte[] WriteAll(IReadOnlyList<EnvironmentRecord> environments)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(environments.Count);
        foreach (var environment in environments)
        {
            Write(ref writer, environment);
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Write(EnvironmentRecord environment)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        Write(ref writer, environment);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not a list of environments.</exception>
    public static IReadOnlyList<EnvironmentRecord> ReadAll(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var environments = new List<EnvironmentRecord>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            environments.Add(ReadOne(ref reader));
        }

        MessageParts.CheckEnd(reader, "A list of environments");
        return environments;
    }

    /// <exception cref="ProtocolException">The bytes are not an environment.</exception>
    public static EnvironmentRecord Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var environment = ReadOne(ref reader);
        MessageParts.CheckEnd(reader, "An environment");
        return environment;
    }

    private static void Write(ref MessagePackWriter writer, EnvironmentRecord environment)
    {
        writer.WriteMapHeader(Parts);
        writer.Write(Key);
        MessageParts.WriteHash(ref writer, environment.Key);
        writer.Write(Requirements);
        writer.WriteArrayHeader(environment.Requirements.Count);
        foreach (var requirement in environment.Requirements)
        {
            writer.Write(requirement);
        }

        writer.Write(Packages);
        writer.WriteMapHeader(environment.Packages.Count);
        foreach (var (name, version) in environment.Packages)
        {
            writer.Write(name);
            writer.Write(version);
        }

        writer.Write(Size);
        writer.Write(environment.Bytes);
        writer.Write(Made);
        writer.Write(environment.Made.UtcDateTime);
        writer.Write(LastUsed);
        writer.Write(environment.LastUsed.UtcDateTime);
        writer.Write(InUse);
        writer.Write(environment.IsInUse);
    }

    private static EnvironmentRecord ReadOne(ref MessagePackReader reader)
    {
        ContentHash? key = null;
        var environment = new EnvironmentRecord { Key = default };
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case Key:
                    key = MessageParts.ReadHash(ref reader);
                    break;
                case Requirements:
                    environment = environment with { Requirements = ReadRequirements(ref reader) };
                    break;
                case Packages:
                    environment = environment with { Packages = ReadPackages(ref reader) };
                    break;
                case Size:
                    environment = environment with { Bytes = reader.ReadInt64() };
                    break;
                case Made:
                    environment = environment with { Made = MessageParts.ReadTime(ref reader) ?? default };
                    break;
                case LastUsed:
                    environment = environment with { LastUsed = MessageParts.ReadTime(ref reader) ?? default };
                    break;
                case InUse:
                    environment = environment with { IsInUse = reader.ReadBoolean() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return key is { } known ? environment with { Key = known } : throw new ProtocolException($"An environment lacks its '{Key}'.");
    }

    private static List<string> ReadRequirements(ref MessagePackReader reader)
    {
        var requirements = new List<string>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            requirements.Add(reader.ReadString() ?? "");
        }

        return requirements;
    }

    private static List<KeyValuePair<string, string>> ReadPackages(ref MessagePackReader reader)
    {
        var packages = new List<KeyValuePair<string, string>>();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            packages.Add(new(reader.ReadString() ?? "", reader.ReadString() ?? ""));
        }

        return packages;
    }
}
