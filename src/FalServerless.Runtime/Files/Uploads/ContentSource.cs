namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Where the content of a file comes from.</summary>
internal enum ContentSource
{
    /// <summary>From nowhere: it is no file, or its content has yet to come.</summary>
    None,

    /// <summary>The file that is there has it.</summary>
    Kept,

    /// <summary>It has been uploaded.</summary>
    Uploaded,

    /// <summary>Another file of the folder has it.</summary>
    Copy,
}
