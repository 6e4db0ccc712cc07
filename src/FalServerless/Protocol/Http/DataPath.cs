using System.Text;

namespace FalServerless.Protocol.Http;

/// <summary>The paths of <c>/data</c>: absolute ones of folders and files, and those of entries within a folder.</summary>
internal static class DataPath
{
    public const string Root = "/data";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A user's path, without <c>.</c>, <c>..</c> and doubled or final slashes.</summary>
    /// <param name="path">As the user wrote it.</param>
    /// <param name="allowsRoot">Whether <c>/data</c> itself will do.</param>
    /// <param name="error">What is wrong with it; null where nothing is.</param>
    public static string? Normalize(string path, bool allowsRoot, out string? error)
    {
        var names = new List<string>();
        foreach (var name in path.Split('/'))
        {
            if (name == ".." && names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name is not ("" or "." or ".."))
            {
                names.Add(name);
            }
        }

        error =
            !path.StartsWith('/') || names is not ["data", ..] || (names.Count == 1 && !allowsRoot)
                ? $"'{Printable(path)}' is no path under {Root}/. Name a folder there, as "
                    + $"{Root}/{(names.Count == 0 || names is ["data"] ? "models" : Printable(names[^1]))}."
            : path.Contains('\\') ? $"'{Printable(path)}' has a backslash; the names of a path in {Root} are separated by slashes."
            : names.Select(NameError).FirstOrDefault(found => found is not null) is { } wrong
                ? $"'{Printable(path)}' is no path in {Root}: {wrong}"
            : null;
        var normal = "/" + string.Join('/', names);
        error ??= TooLong(normal);
        return error is null ? normal : null;
    }

    /// <summary>What is wrong with an entry's path within its folder; null where nothing is.</summary>
    public static string? EntryError(string path) =>
        path.Split('/')
            .Select(name => name is "" or "." or ".." ? $"'{name}' is no name." : NameError(name))
            .FirstOrDefault(found => found is not null)
        ?? TooLong(path);

    /// <summary>
    /// What is wrong with the target of a link in a folder: it must be relative, and stay in the folder; null where nothing is.
    /// </summary>
    public static string? TargetError(string link, string target)
    {
        if (target.Length == 0 || target.Contains('\0') || target.StartsWith('/'))
        {
            return "a link's target is relative to the link.";
        }

        // How deep the target is below the folder, after each name.
        var depth = link.Count(letter => letter == '/');
        foreach (var name in target.Split('/'))
        {
            depth += name switch
            {
                "" or "." => 0,
                ".." => -1,
                _ => 1,
            };
            if (depth < 0)
            {
                return "it leads out of the folder.";
            }
        }

        return TooLong(target);
    }

    /// <summary>A text as it may be in a message.</summary>
    public static string Printable(string text)
    {
        var shown = text.Length <= 200 ? text : text[..200] + "…";
        return string.Concat(
            shown.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? $"\\u{(int)letter:x4}" : letter.ToString())
        );
    }

    private static string? NameError(string name)
    {
        if (name.Contains('\0'))
        {
            return $"the name '{Printable(name)}' has a NUL.";
        }

        try
        {
            var bytes = Strict.GetByteCount(name);
            return bytes <= ProtocolLimits.LongestName
                ? null
                : $"the name '{Printable(name)}' takes {bytes} bytes; at most {ProtocolLimits.LongestName} fit.";
        }
        catch (EncoderFallbackException)
        {
            return $"the name '{Printable(name)}' is no valid Unicode.";
        }
    }

    private static string? TooLong(string path)
    {
        try
        {
            var bytes = Strict.GetByteCount(path);
            return bytes <= ProtocolLimits.LongestPath ? null : $"it takes {bytes} bytes; at most {ProtocolLimits.LongestPath} fit.";
        }
        catch (EncoderFallbackException)
        {
            return "it is no valid Unicode.";
        }
    }
}
