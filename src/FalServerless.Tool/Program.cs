using FalServerless.Tool.Commands;

return await CommandLine.RunAsync(args);
