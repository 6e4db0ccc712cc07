namespace FalServerless.Runtime.Configuration;

/// <summary>The default folder of a user's own files.</summary>
internal static class UserFolder
{
    /// <summary>The user's folder of that name; null for a user without a home.</summary>
    public static string? Path(string name) =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } home
            ? System.IO.Path.Combine(home, "fal-serverless", name)
            : null;
}
