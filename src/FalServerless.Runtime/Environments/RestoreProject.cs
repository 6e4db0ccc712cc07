using System.Security;
using System.Text;
using FalServerless.Packages;

namespace FalServerless.Runtime.Environments;

/// <summary>
/// Writes the project whose packages an environment gets. One target of it, <see cref="Target"/>, runs behind the restore in the same call:
/// it has the SDK choose the files for this platform, drops those that the shared frameworks have newer, and copies the rest.
/// </summary>
internal static class RestoreProject
{
    public const string FileName = "environment.csproj";
    public const string Target = "CopyPackages";
    public const string LockFileName = "packages.lock.json";

    /// <param name="folder">Gets the project.</param>
    /// <param name="packages">Gets the packages' files.</param>
    /// <param name="requirements">The packages.</param>
    /// <param name="configuration">Where the search for NuGet.config begins, upwards; null for the project's own folder.</param>
    public static void Write(string folder, string packages, IReadOnlyList<Requirement> requirements, string? configuration)
    {
        var references = new StringBuilder();
        foreach (var requirement in requirements)
        {
            // Not the build files: what a package would do to the user's build is not done on the host.
            references.AppendLine(
                $"    <PackageReference Include=\"{Escape(requirement.Name)}\" Version=\"{Escape(requirement.Range)}\" "
                    + $"IncludeAssets=\"runtime;native\" />"
            );
        }

        File.WriteAllText(
            Path.Combine(folder, FileName),
            $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>{EnvironmentPlatform.Framework}</TargetFramework>
                <RuntimeIdentifier>{EnvironmentPlatform.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <UseAppHost>false</UseAppHost>
                <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
                <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
                <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <BaseIntermediateOutputPath>obj/</BaseIntermediateOutputPath>
                <UseArtifactsOutput>false</UseArtifactsOutput>
                <EnableDefaultItems>false</EnableDefaultItems>
                <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
                <NoWarn>NU1510</NoWarn>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>
                <RestoreLockedMode>false</RestoreLockedMode>
                <NuGetLockFilePath>{LockFileName}</NuGetLockFilePath>
                {(configuration is null ? "" : $"<RestoreRootConfigDirectory>{Escape(configuration)}</RestoreRootConfigDirectory>")}
                <CopyLocalLockFileAssemblies>true</CopyLocalLockFileAssemblies>
                <CopyDebugSymbolFilesFromPackages>true</CopyDebugSymbolFilesFromPackages>
              </PropertyGroup>
              <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
            {references}  </ItemGroup>
              <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
              <Target Name="{Target}" DependsOnTargets="ResolveLockFileCopyLocalFiles;_HandlePackageFileConflicts">
                <Copy SourceFiles="@(ReferenceCopyLocalPaths)" DestinationFiles="@(ReferenceCopyLocalPaths->'{Escape(
                packages
            )}/%(DestinationSubDirectory)%(Filename)%(Extension)')" />
              </Target>
            </Project>
            """
        );
    }

    // For the project's XML, and before that for its own signs.
    private static string Escape(string text) =>
        SecurityElement.Escape(
            string.Concat(
                text.Select(letter => letter is '%' or '$' or '@' or ';' or '\'' or '?' ? Uri.HexEscape(letter) : letter.ToString())
            )
        );
}
