using FalServerless;
using SyncFolder;

// Uploads a folder, lists it inside an isolated function, changes one file, uploads again, and downloads what a body wrote beside it.
// With an argument: uploads that folder to /data/<its name> and ends.
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

try
{
    if (args is [var given])
    {
        Console.WriteLine(
            await UploadAsync(given, $"/data/{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(given)))}")
        );
        return 0;
    }

    var local = Directory.CreateTempSubdirectory("sync-folder-").FullName;
    for (var i = 0; i < 200; i++)
    {
        var folder = Directory.CreateDirectory(Path.Combine(local, "numbers", $"{i % 10}"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{i}.txt"), string.Join('\n', Enumerable.Range(i, 1000)), stop.Token);
    }

    var remote = await UploadAsync(local, "/data/sync-folder-sample");

    // The same path in every function, whatever its machine type.
    var sum = Isolated.Create(
        (string path) =>
            Directory.EnumerateFiles(path, "*.txt", SearchOption.AllDirectories).Sum(file => File.ReadLines(file).Sum(long.Parse)),
        new() { MachineType = "S" }
    );
    Console.WriteLine($"The sum of all numbers below {remote}: {await sum.InvokeAsync(remote, stop.Token)}");

    await File.WriteAllTextAsync(Path.Combine(local, "numbers", "0", "0.txt"), "1000000", stop.Token);
    await UploadAsync(local, "/data/sync-folder-sample");
    Console.WriteLine($"With one file changed: {await sum.InvokeAsync(remote, stop.Token)}");

    await Isolated
        .Create((string path) => File.WriteAllText(Path.Combine(path, "report.txt"), "written by a body\n"), new() { MachineType = "S" })
        .InvokeAsync(remote, stop.Token);
    foreach (var entry in await SyncDir.ListAsync("/data/sync-folder-sample", cancellationToken: stop.Token))
    {
        Console.WriteLine($"{entry.Kind, -10}{entry.Size, 10}  {entry.Path}");
    }

    await SyncDir.DownloadAsync("/data/sync-folder-sample", local, cancellationToken: stop.Token);
    Console.Write($"report.txt: {await File.ReadAllTextAsync(Path.Combine(local, "report.txt"), stop.Token)}");
    Directory.Delete(local, recursive: true);
    return 0;
}
catch (OperationCanceledException)
{
    Console.WriteLine("Stopped; the folder on the host is as it was before the upload that was under way.");
    return 1;
}
catch (Exception e) when (e is FalServerlessException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

Task<string> UploadAsync(string local, string remote) =>
    ProgressDisplay.RunAsync(
        $"Upload to {remote}",
        progress => SyncDir.UploadAsync(local, remote, progress: progress, cancellationToken: stop.Token)
    );
