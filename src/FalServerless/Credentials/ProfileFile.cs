using System.Text.Json;
using FalServerless.Internal;

namespace FalServerless.Credentials;

/// <summary>
/// The file that remembers a host and its key: <c>{"host": …, "keyId": …, "keySecret": …}</c>, readable by its owner only. It is written
/// whole or not at all.
/// </summary>
internal static class ProfileFile
{
    private const string HostName = "host";
    private const string KeyIdName = "keyId";
    private const string KeySecretName = "keySecret";

    // No profile comes near it: another file was meant.
    private const int LongestFile = 64 << 10;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>
    /// Where the profile is: where <c>FAL_PROFILE</c> says, else <c>fal-serverless/profile.json</c> in the user's folder for configuration.
    /// </summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    public static string PathFor(Func<string, string?> variable)
    {
        if (variable(Variables.Profile) is { Length: > 0 } named)
        {
            return Path.GetFullPath(named);
        }

        // The rule of that variable: a relative path is no path.
        var folder =
            variable(Variables.ConfigurationFolder) is { } configured && Path.IsPathFullyQualified(configured) ? configured
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData)
            : Path.Combine(Path.GetFullPath(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "/"), ".config");
        return Path.Combine(folder, "fal-serverless", "profile.json");
    }

    /// <summary>Reads the profile; null where there is no such file.</summary>
    /// <exception cref="CredentialsException">The file cannot be read, others can read it, or it is no profile.</exception>
    public static Profile? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != 0)
            {
                throw Unusable(path, $"others can read or write it, and it has a secret. Make it yours alone: chmod 600 '{path}'");
            }

            if (file.Length > LongestFile)
            {
                throw Unusable(path, $"it has {file.Length} bytes, and no profile is that long");
            }

            using var document = JsonDocument.Parse(file);
            return Read(path, document.RootElement);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw Unusable(path, $"it is no JSON (line {e.LineNumber + 1})");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e.Message, e);
        }
    }

    /// <summary>Writes the profile in place of the one that is there.</summary>
    /// <exception cref="IOException">The file cannot be written; what was there is there still.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(string path, Profile profile)
    {
        PrivateFiles.MakeFolder(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var file = PrivateFiles.Create(temporary))
            {
                using (var json = new Utf8JsonWriter(file, new() { Indented = true }))
                {
                    json.WriteStartObject();
                    json.WriteString(HostName, profile.Host.ToString());
                    json.WriteString(KeyIdName, profile.Credentials.KeyId);
                    json.WriteString(KeySecretName, profile.Credentials.Secret);
                    json.WriteEndObject();
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Removes the profile.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Delete(string path)
    {
        var exists = File.Exists(path);
        if (exists)
        {
            File.Delete(path);
        }

        return exists;
    }

    private static Profile Read(string path, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Unusable(path, "it is no JSON object");
        }

        var address =
            HostAddress.Read(Text(path, root, HostName), out var fault)
            ?? throw Unusable(path, $"its \"{HostName}\" cannot be used: {fault}");
        var credentials =
            CloudKeyCredentials.Read(Text(path, root, KeyIdName), Text(path, root, KeySecretName), out fault)
            ?? throw Unusable(path, $"its key cannot be used: {fault}");
        return new(address, credentials);
    }

    private static string Text(string path, JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw Unusable(path, $"it has no text \"{name}\"");

    private static CredentialsException Unusable(string path, string why, Exception? cause = null) =>
        new(
            $"The profile '{path}' cannot be used: {why.TrimEnd('.')}. Run 'fal-serverless auth login' to write it again, or remove it.",
            CredentialsProblem.Unusable,
            null,
            cause
        );
}
