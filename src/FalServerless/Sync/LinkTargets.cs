using FalServerless.Protocol.Http;

namespace FalServerless.Sync;

/// <summary>Where symbolic links of a local folder lead.</summary>
internal static class LinkTargets
{
    // As many as the kernel follows before it takes them for a circle.
    private const int MaximumLinks = 40;

    /// <summary>The target as it is uploaded, relative to the link; null when it leads out of the folder.</summary>
    /// <param name="root">The folder's full path.</param>
    /// <param name="link">The link's path within it.</param>
    /// <param name="target">As the link has it.</param>
    public static string? Within(string root, string link, string target)
    {
        var relative = OperatingSystem.IsWindows() ? target.Replace('\\', '/') : target;
        if (Path.IsPathRooted(target))
        {
            if (Below(root, target) is not { } inside)
            {
                return null;
            }

            var up = string.Concat(Enumerable.Repeat("../", link.Count(letter => letter == '/')));
            relative = up + inside is { Length: > 0 } path ? path : ".";
        }

        var links = 0;
        var at = link.Split('/')[..^1].ToList();
        return Follow(root, at, relative, ref links) && DataPath.TargetError(link, relative) is null ? relative : null;
    }

    // Resolves the path as the kernel does: a name that is a link leads elsewhere, and '..' is the parent of where one is then. False when
    // that is out of the folder.
    private static bool Follow(string root, List<string> at, string target, ref int links)
    {
        foreach (var name in target.Split('/'))
        {
            switch (name)
            {
                case "" or ".":
                    break;
                case "..":
                    if (at.Count == 0)
                    {
                        return false;
                    }

                    at.RemoveAt(at.Count - 1);
                    break;
                default:
                    var next = new FileInfo(Path.Combine([root, .. at, name])).LinkTarget;
                    if (next is null)
                    {
                        at.Add(name);
                    }
                    else if (++links > MaximumLinks)
                    {
                        // A circle: it leads nowhere, and so not out.
                        return true;
                    }
                    else if (!FollowLink(root, at, next, ref links))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    private static bool FollowLink(string root, List<string> at, string target, ref int links)
    {
        if (!Path.IsPathRooted(target))
        {
            return Follow(root, at, OperatingSystem.IsWindows() ? target.Replace('\\', '/') : target, ref links);
        }

        at.Clear();
        return Below(root, target) is { } inside && Follow(root, at, inside, ref links);
    }

    private static string? Below(string root, string path)
    {
        var separated = OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path;
        var top = (OperatingSystem.IsWindows() ? root.Replace('\\', '/') : root).TrimEnd('/');
        return separated == top ? ""
            : separated.StartsWith(top + '/', StringComparison.Ordinal) ? separated[(top.Length + 1)..]
            : null;
    }
}
