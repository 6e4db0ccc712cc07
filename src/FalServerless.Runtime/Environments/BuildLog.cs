namespace FalServerless.Runtime.Environments;

/// <summary>Receives what is worth knowing of a build while it goes on.</summary>
internal delegate void BuildLog(LogEntryLevel level, string line);
