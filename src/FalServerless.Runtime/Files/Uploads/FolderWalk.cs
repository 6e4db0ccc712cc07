using FalServerless.Runtime.Files.Folders;
using Microsoft.Win32.SafeHandles;

namespace FalServerless.Runtime.Files.Uploads;

/// <summary>Reaches what is deeper in an open folder, step by step.</summary>
internal static class FolderWalk
{
    public static SafeFileHandle OpenFile(Folder folder, string path)
    {
        var end = path.LastIndexOf('/');
        if (end < 0)
        {
            return folder.OpenFile(path);
        }

        using var parent = OpenFolder(folder, path[..end]);
        return parent.OpenFile(path[(end + 1)..]);
    }

    public static Folder OpenFolder(Folder folder, string path)
    {
        Folder? opened = null;
        foreach (var name in path.Split('/'))
        {
            using var last = opened;
            opened = (last ?? folder).OpenFolder(name);
        }

        return opened!;
    }
}
