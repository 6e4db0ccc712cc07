namespace FalServerless.Runtime.Configuration;

/// <summary>Where a user's own things lie unless somebody says otherwise.</summary>
internal static class UserFolder
{
    /// <summary>The user's folder of that name; null for a user without a home.</summary>
    public static string? Path(string name) =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            is { Length: > 0 } home
            ? System.IO.Path.Combine(home, "fal-serverless", name)
            : null;
}
