using System.Text;
using CsCheck;
using FalServerless.Sync;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.IntegrationTests.Sync;

public class GitIgnoreTests
{
    private const int Trees = 1000;

    private static readonly string[] Names =
    [
        "a",
        "b",
        "c",
        "ab",
        "abc",
        "é",
        "aé",
        "a b",
        "b ",
        "*",
        "[a]",
        "x.y",
        "A",
        "!a",
        "#a",
        "a\\",
        "-",
        "foo",
    ];

    private static readonly string[] Pieces =
    [
        "a",
        "b",
        "c",
        "ab",
        "é",
        "*",
        "*",
        "**",
        "***",
        "?",
        "??",
        "[ab]",
        "[!a]",
        "[^b]",
        "[a-c]",
        "[c-a]",
        "[]a]",
        "[a",
        "[[:alpha:]]",
        "[[:bad:]]",
        "[[:digit:]a]",
        "[a-]",
        "[\\]]",
        "\\a",
        "\\*",
        "\\",
        " ",
        "\\ ",
        ".",
        "/",
        "/",
        "**/",
        "/**",
        "/**/",
        "foo",
        "!",
        "#",
    ];

    private static readonly Gen<string> Line = Gen.Select(
        Gen.OneOf("", "", "", "!"),
        Gen.OneOf("", "", "", "", "/"),
        Gen.Frequency((1, Gen.OneOf(Names)), (2, Gen.OneOf(Pieces))).Array[1, 4],
        Gen.OneOf("", "", "", "", "/"),
        (mark, start, pieces, end) => mark + start + string.Concat(pieces) + end
    );

    private static readonly Gen<string> Rules = Gen.Select(
        Gen.OneOf("", "", "", "", "", "\ufeff"),
        Line.Array[1, 5],
        Gen.OneOf("\n", "\n", "\n", "\n", "\r\n"),
        Gen.Bool,
        (start, lines, newLine, isEnded) => start + string.Join(newLine, lines) + (isEnded ? "\n" : "")
    );

    // Of all depths: among large trees only, no small one would be found that fails.
    private static readonly Gen<Folder> Folders = Gen.OneOf([
        .. Enumerable.Range(0, 4).Select(depth => OfDepth(depth, Rules.Select(rules => (string?)rules))),
    ]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatGitIgnoresIsLeftOutAndNothingElse()
    {
        using var temporary = new TemporaryFolder();
        using var git = await GitVerdicts.StartAsync(temporary.Path, Token);
        var made = 0;
        Folders.Sample(
            Trees,
            folder =>
            {
                var name = $"{made++}";
                var files = Make(temporary.File(name), folder).Select(path => Path.GetRelativePath(temporary.Path, path)).ToHashSet();
                var ignored = git.Ignored(files);

                var found = LocalTree
                    .Read(temporary.File(name), respectsGitIgnore: true, Token)
                    .Where(entry => entry.Kind != DataEntryKind.Directory)
                    .Select(entry => $"{name}/{entry.Path}")
                    .ToHashSet();

                Assert.True(
                    found.SetEquals(files.Except(ignored)),
                    $"git has {string.Join(" | ", files.Except(ignored).Except(found))} more, and less "
                        + string.Join(" | ", found.Intersect(ignored))
                );
            },
            folder => string.Join("; ", Described("", folder))
        );
    }

    private static Gen<Folder> OfDepth(int depth, Gen<string?> rules)
    {
        var inner =
            depth == 0
                ? Gen.Const<Folder?>((Folder?)null)
                : Gen.OneOf(
                    Gen.Const<Folder?>((Folder?)null),
                    OfDepth(depth - 1, Gen.Frequency((2, Gen.Const((string?)null)), (1, rules))).Select(folder => (Folder?)folder)
                );
        return Gen.Select(
            rules,
            Gen.Shuffle(Names, 1, 5),
            inner.Array[5],
            (text, names, folders) => new Folder(text, [.. names.Zip(folders)])
        );
    }

    // The files that it has made.
    private static IEnumerable<string> Make(string directory, Folder folder)
    {
        Directory.CreateDirectory(directory);
        var files = new List<string>();
        if (folder.Rules is not null)
        {
            files.Add(Path.Combine(directory, ".gitignore"));
            File.WriteAllBytes(files[0], Encoding.UTF8.GetBytes(folder.Rules));
        }

        foreach (var (name, inner) in folder.Entries)
        {
            var path = Path.Combine(directory, name);
            if (inner is not null)
            {
                files.AddRange(Make(path, inner));
                continue;
            }

            files.Add(path);
            File.WriteAllText(path, "");
        }

        return files;
    }

    private static IEnumerable<string> Described(string path, Folder folder) =>
        folder
            .Entries.SelectMany(entry => entry.Inner is null ? [$"'{path}{entry.Name}'"] : Described($"{path}{entry.Name}/", entry.Inner))
            .Prepend(folder.Rules is null ? "" : $"'{path}.gitignore' has '{folder.Rules.ReplaceLineEndings("⏎")}'")
            .Where(line => line.Length > 0);

    private sealed record Folder(string? Rules, (string Name, Folder? Inner)[] Entries);
}
