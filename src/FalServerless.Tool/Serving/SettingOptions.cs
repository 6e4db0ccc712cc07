using System.CommandLine;
using FalServerless.Runtime.Configuration;
using FalServerless.Tool.Terminal;

namespace FalServerless.Tool.Serving;

/// <summary>The flags of settings, and what wins: a flag over the environment over the file.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string> _config = new("--config") { Description = "A JSON file with settings.", HelpName = "file" };
    private readonly Dictionary<string, Option> _options = [];

    /// <param name="command">Gets the flags.</param>
    /// <param name="names">Which settings it has.</param>
    public SettingOptions(Command command, params IReadOnlyCollection<string> names)
    {
        command.Add(_config);
        foreach (var (name, description) in SettingNames.All.Where(setting => names.Count == 0 || names.Contains(setting.Name)))
        {
            Option option = name switch
            {
                SettingNames.Insecure => new Option<bool>(SettingNames.Flag(name)) { Description = description },
                SettingNames.Urls => new Option<string[]>(SettingNames.Flag(name))
                {
                    Description = description,
                    HelpName = "url",
                    AllowMultipleArgumentsPerToken = true,
                },
                _ => new Option<string>(SettingNames.Flag(name)) { Description = description, HelpName = "value" },
            };
            _options.Add(name, option);
            command.Add(option);
        }
    }

    /// <summary>Gives what the command line, the environment and the file say.</summary>
    /// <exception cref="CliException">The file is none.</exception>
    public SettingReader Read(ParseResult parsed)
    {
        var file = SettingsFile.Read(parsed.GetValue(_config), out var errors);
        var reader = new SettingReader(name => Flag(parsed, name) ?? SettingReader.Environment(name) ?? file.Find(name));
        foreach (var error in errors)
        {
            reader.Wrong(error);
        }

        return reader;
    }

    /// <summary>All that is wrong, as one error.</summary>
    public static CliException Wrong(SettingReader reader) =>
        new(
            reader.Errors.Count == 1
                ? reader.Errors[0]
                : $"{reader.Errors.Count} settings are wrong:\n{string.Join('\n', reader.Errors.Select(error => "  " + error))}"
        )
        {
            IsUsage = true,
        };

    private GivenSetting? Flag(ParseResult parsed, string name)
    {
        var text = !_options.TryGetValue(name, out var option)
            ? null
            : option switch
            {
                Option<bool> flag => parsed.GetValue(flag) ? "on" : null,
                Option<string[]> list => parsed.GetValue(list) is { Length: > 0 } values ? string.Join(',', values) : null,
                Option<string> value => parsed.GetValue(value),
                _ => null,
            };
        return text is null ? null : new(text, SettingNames.Flag(name), Directory.GetCurrentDirectory());
    }
}
