namespace FalServerless.Runtime.Environments;

/// <summary>
/// Puts the files of the packages, and of all that they depend on, into <see cref="EnvironmentFolder.Packages"/> of a folder.
/// </summary>
/// <returns>What was chosen.</returns>
/// <exception cref="EnvironmentBuildFailure">It cannot be done.</exception>
internal delegate Task<IReadOnlyList<ResolvedPackage>> BuildEnvironment(
    EnvironmentDefinition definition,
    string folder,
    BuildLog log,
    CancellationToken cancellationToken
);
