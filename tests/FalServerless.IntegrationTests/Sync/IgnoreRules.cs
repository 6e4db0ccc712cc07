namespace FalServerless.IntegrationTests.Sync;

/// <summary>Rules of <c>.gitignore</c>, each to be asked about every path.</summary>
internal static class IgnoreRules
{
    /// <summary>Files, and folders with a slash at their end, each folder before what is in it.</summary>
    public static readonly string[] Paths =
    [
        "a",
        "b",
        "ab",
        "abc",
        "a.txt",
        "B.TXT",
        "é",
        "aé",
        "a b",
        "trail ",
        " lead",
        "[a]",
        "*",
        "#x",
        "!x",
        "x\\y",
        "back\\",
        "-",
        "]",
        "a1",
        ".hidden",
        "dir/",
        "dir/a",
        "dir/b.txt",
        "dir/sub/",
        "dir/sub/a",
        "dir/sub/deep/",
        "dir/sub/deep/a.txt",
        "other/",
        "other/dir/",
        "other/dir/a",
        "build/",
        "build/out.o",
        "src/",
        "src/build/",
        "src/build/x",
        "src/b/",
        "src/b/c/",
        "src/b/c/a",
    ];

    /// <summary>Lines of one file each, between which a bar stands.</summary>
    public static IEnumerable<string[]> All => Lines.Select(rule => rule.Split('|'));

    private static readonly string[] Lines =
    [
        // Names, and what ends them.
        .. Each("a", "ab", "a.txt", "A", "B.txt", "é", "dir", "sub", "deep", "build", ".hidden", "a b", "nothing", "-", "]"),
        .. Each("a/", "dir/", "sub/", "build/", "deep/", "src/build/", "/dir/", "/sub/", "dir//", "dir/ "),
        .. Each("/a", "/dir", "/sub", "/dir/a", "dir/a", "dir/sub", "sub/a", "/sub/a", "src/build", "//a", "/", "./a", "dir/./a"),
        // Asterisks and question marks.
        .. Each("*", "*.txt", "*.TXT", "a*", "*a", "*a*", "a*c", "a**c", "?", "??", "???", "a?c", "?é", "a?", "*.*", ".*", "*/", "/*"),
        .. Each("/*/", "*/a", "/*/a", "*/*", "*/*/a", "dir/*", "/dir/*", "dir/*/a", "dir/*.txt", "dir/?", "dir?a", "dir*a", "*b*/"),
        .. Each("**", "**/", "/**", "**/a", "/**/a", "dir/**", "/dir/**", "dir/**/", "dir/**/a", "dir/**/*", "**/sub", "**/sub/", "**/dir"),
        .. Each(
            "**/dir/a",
            "**/sub/**",
            "src/**/a",
            "src/**/build",
            "src/**/b",
            "**a",
            "a**",
            "**.txt",
            "dir**",
            "dir**/a",
            "**dir/a",
            "dir/**a"
        ),
        .. Each("***", "***/a", "dir/***", "**/**", "**/**/a", "a/**/b", "dir/**/sub/**/a", "*/**/a", "**/*/a", "***a", "s**b", "src/**b"),
        // Classes.
        .. Each("[a]", "[ab]", "[a-c]", "[c-a]", "[!a]", "[^a]", "[!a-c]", "a[b]c", "a[!x]c", "[a-]", "[-a]", "[]]", "[!]]", "[]-a]", "[a"),
        .. Each("[a]b", "[[]a]", "[\\a]", "[\\]]", "[a\\-c]", "\\[a]", "\\[a\\]", "[*]", "[?]", "[#]x", "[!!]", "[a-b-c]", "[é]", "a[é]"),
        .. Each(
            "[[:alpha:]]",
            "[[:digit:]]",
            "a[[:digit:]]",
            "[[:upper:]].TXT",
            "[[:bad:]]",
            "[[:alpha:]",
            "[[:space:]]lead",
            "[[:punct:]]"
        ),
        .. Each(
            "[[:alnum:]-]",
            "[^[:alpha:]]",
            "[[:alpha:][:digit:]]",
            "[a/b]",
            "dir[/]a",
            "dir[!x]a",
            "[.]hidden",
            "[]",
            "[!]",
            "[a-\\c]",
            "[0-9]"
        ),
        // Backslashes, marks and spaces.
        .. Each(
            "\\a",
            "\\*",
            "\\?",
            "\\#x",
            "#x",
            "\\!x",
            "!x",
            "\\\\",
            "x\\\\y",
            "x\\y",
            "back\\\\",
            "back\\",
            "a\\",
            "\\",
            "dir\\/a",
            "\\dir"
        ),
        .. Each(
            "trail ",
            "trail\\ ",
            "trail\\  ",
            "trail  ",
            " lead",
            "\\ lead",
            "a ",
            "a\t",
            "a\r",
            "a b ",
            "a\\ b",
            " ",
            "  ",
            "\\ ",
            ""
        ),
        // Several lines: the last that matches decides, and nothing comes back into an excluded folder.
        .. Each(
            "*|!a",
            "*|!dir/",
            "*|!dir/|!dir/a",
            "/*|!/dir",
            "/*|!/dir|/dir/*|!/dir/sub",
            "dir/|!dir/a",
            "dir/*|!dir/a",
            "dir/**|!dir/**/"
        ),
        .. Each(
            "**|!**/|!*.txt",
            "*.txt|!dir/*.txt",
            "!a|a",
            "a|!a|a",
            "*|!*/|!a",
            "*|!*.*",
            "!*|a",
            "/src/*|!/src/b|/src/b/*|!/src/b/c",
            "a|!/a"
        ),
        .. Each(
            "*|!é",
            "?|!b",
            "[ab]*|!ab",
            "build|!/build",
            "build/|!src/build/",
            "*/|!src/",
            "**/a|!dir/a",
            "**/a|!/dir/**/a",
            "#a|a",
            "a|#!a",
            "|a"
        ),
        .. Each(
            "!!a",
            "a|!!a",
            "*|!\\!x",
            "*|!#x",
            "*|!\\#x",
            "*|! lead",
            "*|!dir",
            "*|!/dir/|!dir/**",
            "*|!src/|!src/**/",
            "*|!src/|!src/**"
        ),
    ];

    private static string[] Each(params string[] rules) => rules;
}
