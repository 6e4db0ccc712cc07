using System.Text.Json;
using FalServerless.Internal;
using FalServerless.Runtime.Configuration;

namespace FalServerless.Tool.Serving;

/// <summary>Settings in a JSON file: <c>{ "urls": ["https://0.0.0.0:8470"], "queueLimit": 500 }</c>, with comments if one likes.</summary>
internal sealed class SettingsFile
{
    private readonly Dictionary<string, GivenSetting> _given = [];

    private SettingsFile() { }

    /// <param name="path">The file; null is none.</param>
    /// <param name="errors">Everything that is wrong, a line for each.</param>
    public static SettingsFile Read(string? path, out IReadOnlyList<string> errors)
    {
        var found = new List<string>();
        errors = found;
        var file = new SettingsFile();
        if (path is null)
        {
            return file;
        }

        path = Path.GetFullPath(path);
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path),
                new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }
            );
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                found.Add($"The configuration file '{path}' is no JSON object.");
                return file;
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                file.Add(path, property, found);
            }
        }
        catch (JsonException e)
        {
            found.Add($"The configuration file '{path}' is no JSON: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            found.Add($"The configuration file '{path}' cannot be read: {e.Message}");
        }

        return file;
    }

    public GivenSetting? Find(string name) => _given.TryGetValue(name, out var given) ? given : null;

    private void Add(string path, JsonProperty property, List<string> errors)
    {
        var name = SettingNames.All.Select(setting => setting.Name).FirstOrDefault(name => SettingNames.Key(name) == property.Name);
        if (name is null)
        {
            var nearest = NearestName.Of(property.Name, SettingNames.All.Select(setting => SettingNames.Key(setting.Name)));
            errors.Add($"'{property.Name}' in {path} is no setting.{(nearest is null ? "" : $" Did you mean '{nearest}'?")}");
        }
        else if (Text(property.Value) is { } text)
        {
            _given[name] = new(text, $"{property.Name} in {path}", Path.GetDirectoryName(path));
        }
        else
        {
            errors.Add($"{property.Name} in {path} is neither a text, a number, a list of texts, true nor false.");
        }
    }

    private static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "on",
            JsonValueKind.False => "off",
            JsonValueKind.Array when value.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String) => string.Join(
                ',',
                value.EnumerateArray().Select(one => one.GetString())
            ),
            _ => null,
        };
}
