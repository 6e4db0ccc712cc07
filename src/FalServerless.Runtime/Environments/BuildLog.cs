namespace FalServerless.Runtime.Environments;

/// <summary>Receives what is worth knowing of a build while it runs.</summary>
internal delegate void BuildLog(LogEntryLevel level, string line);
