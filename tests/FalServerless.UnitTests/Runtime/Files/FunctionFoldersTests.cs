using System.Text;
using FalServerless.Protocol;
using FalServerless.Runtime.Functions;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Runtime.Files;

public sealed class FunctionFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BlobStore _blobs;
    private readonly FunctionFolders _folders;

    public FunctionFoldersTests()
    {
        _blobs = new(_folder.File("blobs"));
        _folders = new(_blobs, _folder.File("assemblies"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFilesOfAFunctionLieTogetherByTheirOwnNames()
    {
        var folder = _folders.Place(
            [
                new()
                {
                    Name = "Shop",
                    Image = Content("image"),
                    Symbols = Content("symbols"),
                },
            ],
            [
                new() { Path = "de/Shop.resources.dll", Content = Content("texts") },
                new()
                {
                    Path = "runtimes/linux-x64/native/libx.so",
                    Content = Content("library"),
                    Platform = "linux-x64",
                },
            ]
        )!;

        Assert.Equal("image", File.ReadAllText(Path.Combine(folder, "Shop.dll")));
        Assert.Equal("symbols", File.ReadAllText(Path.Combine(folder, "Shop.pdb")));
        Assert.Equal("texts", File.ReadAllText(Path.Combine(folder, "de/Shop.resources.dll")));
        Assert.Equal("library", File.ReadAllText(Path.Combine(folder, "runtimes/linux-x64/native/libx.so")));
        Assert.Equal("library", File.ReadAllText(Path.Combine(folder, "libx.so")));
    }

    [Fact]
    public void TheSameFilesHaveOneFolderAndOthersAnother()
    {
        AssemblyReference shop = new() { Name = "Shop", Image = Content("image") };
        FunctionFile texts = new() { Path = "de/Shop.resources.dll", Content = Content("texts") };
        var first = _folders.Place([shop], [texts])!;

        Assert.Equal(first, _folders.Place([shop], [texts]));
        Assert.NotEqual(first, _folders.Place([shop], []));
        Assert.NotEqual(first, _folders.Place([shop], [texts with { Content = Content("other texts") }]));
        Assert.Null(_folders.Place([], []));
    }

    [Fact]
    public void WhatABodyWritesIntoItsFilesDoesNotReachTheContents()
    {
        var folder = _folders.Place([new() { Name = "Shop", Image = Content("image") }], [])!;
        File.WriteAllText(Path.Combine(folder, "Shop.dll"), "changed");

        Assert.Equal("image", File.ReadAllText(_blobs.PathOf(Content("image"))));
    }

    [Fact]
    public void ALibraryWithTheNameOfAFolderStaysWhereItsPackageHasIt()
    {
        var folder = _folders.Place(
            [],
            [
                new() { Path = "de/Shop.resources.dll", Content = Content("texts") },
                new()
                {
                    Path = "native/de",
                    Content = Content("library"),
                    Platform = "any",
                },
            ]
        )!;

        Assert.True(Directory.Exists(Path.Combine(folder, "de")));
        Assert.Equal("library", File.ReadAllText(Path.Combine(folder, "native/de")));
    }

    private ContentHash Content(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var hash = ContentHash.Of(bytes);
        _blobs.Add(hash, bytes);
        return hash;
    }
}
