namespace FalServerless.Credentials;

/// <summary>
/// The names of the environment variables by which a host and its key are configured. One that is empty counts as not set.
/// </summary>
internal static class Variables
{
    public const string Host = "FAL_HOST";
    public const string Key = "FAL_KEY";
    public const string KeyId = "FAL_KEY_ID";
    public const string KeySecret = "FAL_KEY_SECRET";
    public const string Profile = "FAL_PROFILE";
    public const string ConfigurationFolder = "XDG_CONFIG_HOME";
}
